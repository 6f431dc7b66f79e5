/** Tells an observer something. What it throws is the program's own error: uncaught, and not taken for one of the network. */
export function deliver(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
