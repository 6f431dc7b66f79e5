import { GloamError, type CallSite } from "@gloam/common";
import { keepsToElements } from "./keeps-to-elements.ts";
import { BoundedCache } from "./bounded-cache.ts";
import { isNative } from "./describe-class.ts";
import type { CapturedFunction } from "./captured-function.ts";
import { parseOnce } from "./function-text.ts";
import { threadInspector } from "./inspector.ts";
import { keepValues } from "./kept-values.ts";
import { Refusal, refusalError } from "./refusal.ts";
import { Snapshot } from "./snapshot.ts";
import { textUse } from "./text-use.ts";

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

/** A function's source on one line, shortened; its name where the source says nothing. */
export function labelOf(fn: AnyFunction, text: string): string {
  const line = isNative(text) ? fn.name : text.replace(/\s+/g, " ");
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
  const key = isBare(fn) ? keyOf(fn, text, options) : undefined;
  const known = key === undefined ? undefined : closed.get(key);
  if (known !== undefined) return known;
  const label = labelOf(fn, text);
  const parsed = parseOnce(text);
  if (parsed?.isAsync === true && options.allowAsync !== true) {
    throw new GloamError("GLOAM_ASYNC_FUNCTION", `'${label}' is async, and ${options.operation} does not wait for it`, {
      hint: "use mapAsync",
      callSite: options.callSite,
      operation: options.operation,
    });
  }
  try {
    const { codeHash, bytes, modules, bases, blobs, transferables, isByValue, isClosed } = new Snapshot().encode(fn);
    // Of a function that executors import, the text here may not be theirs, and its idioms are as they were.
    const use = isByValue && parsed ? textUse(parsed, isClosed) : undefined;
    const captured = {
      ...{ codeHash, bytes, modules, label },
      ...(use !== undefined && { textUse: use }),
      ...(isByValue && keepsToElements({ bytes, modules, blobs }) && { keepsToElements: true as const }),
      ...(bases.length > 0 && { bases }),
      ...(blobs.length > 0 && { blobs }),
    };
    keepValues(captured, transferables);
    return isClosed && key !== undefined ? closed.set(key, captured) : captured;
  } catch (error) {
    if (error instanceof Refusal) throw refusalError(error, label, options);
    throw error;
  } finally {
    threadInspector.release();
  }
}

/** Functions that capture nothing, by text and place: neither parser nor inspector is needed to capture them again. */
const closed = new BoundedCache<CapturedFunction>();

const ownKeys: ReadonlySet<string | symbol> = new Set(["length", "name", "prototype", "arguments", "caller"]);

/** Whether a function has nothing but what its source gives it. */
function isBare(fn: AnyFunction): boolean {
  if (Object.getPrototypeOf(fn) !== Function.prototype) return false;
  for (const key of Reflect.ownKeys(fn)) if (!ownKeys.has(key)) return false;
  // An arrow function has no prototype, any other one that holds its constructor; more is looked at closely.
  const prototype = fn.prototype as object | undefined;
  return (
    prototype === undefined || (Reflect.ownKeys(prototype).length === 1 && Object.hasOwn(prototype, "constructor"))
  );
}

function keyOf(fn: AnyFunction, text: string, { callSite }: CaptureOptions): string {
  const place = callSite === undefined ? "" : `${callSite.file}:${callSite.line}:${callSite.column}`;
  return `${fn.name} ${place} ${text}`;
}
