import { GloamError, type CallSite } from "@gloam/common";
import type { CapturedFunction } from "./captured-function.ts";
import { parseOnce } from "./function-text.ts";
import { threadInspector } from "./inspector.ts";
import { Refusal, refusalError } from "./refusal.ts";
import { Snapshot } from "./snapshot.ts";

/** Any function, class or method. */
export type AnyFunction = (...parameters: never) => unknown;

/** For what a function is captured. */
export interface CaptureOptions {
  /** Name of the operation, for messages: `map`. */
  readonly operation: string;
  /** Where the user called it. */
  readonly callSite?: CallSite | undefined;
  /** Whether the operation awaits what the function returns. Default false. */
  readonly allowAsync?: boolean | undefined;
}

const labelLength = 60;

/** A function's source on one line, shortened. */
export function labelOf(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= labelLength ? line : `${line.slice(0, labelLength - 1)}…`;
}

/**
 * Snapshots a function: its code, and the values that it closes over as they are now. Later changes to them are not seen.
 *
 * About 1 ms for a small function; the first one of each script takes 10 to 70 ms more, because its imports are read.
 *
 * @throws `GLOAM_CLOSURE_NOT_SERIALIZABLE` when it captures something that only makes sense here; the message names the way to it
 *   and a mend.
 * @throws `GLOAM_ASYNC_FUNCTION` when it is async and the operation is not.
 */
export function captureFunction(fn: AnyFunction, options: CaptureOptions): CapturedFunction {
  if (typeof fn !== "function") {
    throw new GloamError("GLOAM_ARGUMENT_INVALID", `${options.operation} needs a function, not ${typeof fn}`, {
      callSite: options.callSite,
    });
  }
  const text = Function.prototype.toString.call(fn);
  const label = labelOf(text);
  const parsed = parseOnce(text);
  if (parsed?.isAsync === true && options.allowAsync !== true) {
    throw new GloamError("GLOAM_ASYNC_FUNCTION", `${options.operation} cannot await '${label}'`, {
      hint: "use mapAsync",
      callSite: options.callSite,
    });
  }
  try {
    const { codeHash, bytes, modules, blobs } = new Snapshot().encode(fn);
    return { codeHash, bytes, modules, label, ...(blobs.length > 0 && { blobs }) };
  } catch (error) {
    if (error instanceof Refusal) throw refusalError(error, label, options);
    throw error;
  } finally {
    threadInspector.release();
  }
}
