/** Does something that Node.js warns of in some versions, and that users can do nothing about. Only what it does at once is covered. */
export function withoutWarnings<T>(run: () => T): T {
  // oxlint-disable-next-line typescript/unbound-method -- it is put back where it was
  const { emitWarning } = process;
  try {
    process.emitWarning = () => undefined;
    return run();
  } finally {
    process.emitWarning = emitWarning;
  }
}
