import { describeCallSite, type CallSite } from "./call-site.ts";
import { errorTable, type ErrorCode } from "./error-table.ts";

const brand = Symbol.for("gloam.error");

/** What a `GloamError` may carry besides code and message. */
export interface GloamErrorOptions {
  /** What to do; the table's words when left out. */
  readonly hint?: string | undefined;
  /** Where in the user's program the operation was called. */
  readonly callSite?: CallSite | undefined;
  /** Name of that operation: `map`. */
  readonly operation?: string | undefined;
  /** The error that led to this one, such as the user's own exception. */
  readonly cause?: unknown;
}

/**
 * Every error that Gloam itself raises. `message` begins with the code and says what happened and why, with the call site
 * at the end of its first line; `hint` says what to do. `stack`, which Node prints for an uncaught error, has all of it:
 *
 * ```text
 * GLOAM_CLOSURE_NOT_SERIALIZABLE: cannot send 'x => db.get(x)' to executors (etl.ts:12:18, in map)
 *   it captures 'db' (etl.ts:5), whose property 'socket' is a net.Socket
 *   open it on the executor instead: const db = onExecutor(() => connect(url))
 *     at Rdd.map (...)
 * ```
 */
export class GloamError extends Error {
  declare readonly code: ErrorCode;
  declare readonly hint: string;
  declare readonly callSite: CallSite | undefined;
  declare readonly operation: string | undefined;

  /** @param message what happened, without the code; further lines say more about it. */
  constructor(code: ErrorCode, message: string, options: GloamErrorOptions = {}) {
    super(
      `${code}: ${withCallSite(message, options)}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    const { hint = errorTable[code].mend, callSite, operation } = options;
    // Not enumerable: Node prints the enumerable properties of an uncaught error below its stack, which has them already.
    const hidden = { name: "GloamError", code, hint, callSite, operation, [brand]: true };
    for (const key of Reflect.ownKeys(hidden) as (keyof typeof hidden)[]) {
      Object.defineProperty(this, key, { value: hidden[key], configurable: true });
    }
    const frames = /\n +at [^]*/.exec(String(this.stack))?.[0] ?? "";
    const stack = `${this.message}\n  ${hint.replaceAll("\n", "\n  ")}${frames}`;
    Object.defineProperty(this, "stack", { value: stack, configurable: true, writable: true });
  }
}

/**
 * Whether a value is a `GloamError`, also one of another copy of this package. Use this instead of `instanceof`: errors
 * cross threads, processes and duplicate installs.
 */
export function isGloamError(value: unknown): value is GloamError {
  return typeof value === "object" && value !== null && brand in value;
}

function withCallSite(message: string, { callSite, operation }: GloamErrorOptions): string {
  if (callSite === undefined && operation === undefined) return message;
  const place = [callSite && describeCallSite(callSite), operation && `in ${operation}`].filter(Boolean).join(", ");
  return message.replace(/^.*/, (firstLine) => `${firstLine} (${place})`);
}
