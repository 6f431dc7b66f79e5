/** Warns of what ended a worker between two tasks: no task fails of it, so that nobody would hear of it. */
export function warnOfIdleEnd(error: Error): void {
  process.emitWarning(
    `a worker ended between two tasks, and is replaced: ${error.message}; await every promise in functions (mapAsync)`,
    { detail: error.stack ?? "" },
  );
}
