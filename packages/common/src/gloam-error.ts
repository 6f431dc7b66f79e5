import type { CallSite } from "./call-site.ts";
import { errorTable, type ErrorCode } from "./error-table.ts";

const brand = Symbol.for("gloam.error");

/** What a `GloamError` may carry besides code and message. */
export interface GloamErrorOptions {
  /** What to do; the table's words when left out. */
  readonly hint?: string | undefined;
  /** Where in the user's program the operation was called. */
  readonly callSite?: CallSite | undefined;
  /** The error that led to this one, such as the user's own exception. */
  readonly cause?: unknown;
}

/**
 * Every error that Gloam itself raises. `message` begins with the code and says what happened and why; `hint` says what
 * to do.
 */
export class GloamError extends Error {
  override readonly name = "GloamError";
  readonly code: ErrorCode;
  readonly hint: string;
  readonly callSite: CallSite | undefined;

  constructor(code: ErrorCode, message: string, options: GloamErrorOptions = {}) {
    super(`${code}: ${message}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? errorTable[code].mend;
    this.callSite = options.callSite;
    Object.defineProperty(this, brand, { value: true });
  }
}

/**
 * Whether a value is a `GloamError`, also one of another copy of this package. Use this instead of `instanceof`: errors
 * cross threads, processes and duplicate installs.
 */
export function isGloamError(value: unknown): value is GloamError {
  return typeof value === "object" && value !== null && brand in value;
}
