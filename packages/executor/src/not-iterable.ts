import { GloamError } from "@gloam/common";

/** V8's words for `for (const v1 of c0(v0))`, with the generated code's name of the user's function. */
const complaint = /^c\d+ is not a function or its return value is not iterable$/;

/**
 * What to throw in place of V8's complaint that a user's function gave nothing to loop over, which names a name of the generated code;
 * undefined for every other error, also for the same one of the user's own code.
 *
 * @param file Name of the generated code in stacks.
 */
export function notIterable(error: unknown, file: string): GloamError | undefined {
  if (!(error instanceof TypeError) || !complaint.test(error.message)) return undefined;
  const innermost = /\n +at ([^\n]*)/.exec(String(error.stack))?.[1];
  if (innermost?.includes(`${file}:`) !== true) return undefined;
  return new GloamError(
    "GLOAM_TASK_FAILED",
    "the function gave undefined, a number or another value that is not iterable",
    { hint: "return an array or another iterable in every case, [] for no elements" },
  );
}
