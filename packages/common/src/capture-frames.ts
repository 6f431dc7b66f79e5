/**
 * Structured frames of the current stack, without the formatting of one, innermost first.
 *
 * @param limit Frames at most.
 * @param below A function on the stack: frames begin at its caller.
 */
export function captureFrames(limit: number, below: (...parameters: never[]) => unknown): readonly NodeJS.CallSite[] {
  // oxlint-disable-next-line typescript/unbound-method -- it is put back where it was
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.prepareStackTrace = (_, frames) => frames;
    Error.stackTraceLimit = limit;
    Error.captureStackTrace(holder, below);
    return holder.stack as readonly NodeJS.CallSite[];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
