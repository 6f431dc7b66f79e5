import { GloamError, type CallSite } from "@gloam/common";

/** The call whose arguments are checked. */
export interface Call {
  readonly operation: string;
  readonly callSite: CallSite | undefined;
}

/** @throws GloamError `GLOAM_ARGUMENT_INVALID` unless the value is an integer of at least `least`. */
export function checkInteger(call: Call, name: string, value: unknown, least: number): void {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return;
  throw invalid(call, `${name} must be an integer of at least ${least}, not ${show(value)}`);
}

/** @throws GloamError `GLOAM_ARGUMENT_INVALID` unless the value is a finite number from `least` to `most`. */
export function checkNumber(call: Call, name: string, value: unknown, least = -Infinity, most = Infinity): void {
  if (typeof value === "number" && Number.isFinite(value) && value >= least && value <= most) return;
  const range = most === Infinity ? (least === -Infinity ? "" : ` of at least ${least}`) : ` from ${least} to ${most}`;
  throw invalid(call, `${name} must be a finite number${range}, not ${show(value)}`);
}

/** @throws GloamError `GLOAM_ARGUMENT_INVALID` where options are no object, such as `false` for `{ ascending: false }`. */
export function checkOptions(call: Call, value: unknown, example: string): void {
  if (typeof value === "object" && value !== null) return;
  throw invalid(call, `options are an object such as ${example}, not ${show(value)}`);
}

/** The error for an argument that is not valid. */
export function invalid({ operation, callSite }: Call, message: string, hint?: string): GloamError {
  return new GloamError("GLOAM_ARGUMENT_INVALID", message, { operation, callSite, hint });
}

/**
 * A path or URL as the file systems take it.
 * @throws GloamError `GLOAM_ARGUMENT_INVALID` unless it is a string or a `file:` URL.
 */
export function checkPath(call: Call, value: unknown): string {
  // An empty one would be the working directory, which nobody wants to be overwritten because a variable was not set.
  if (value === "") throw invalid(call, "the path is empty", 'give a path; that of the working directory is "."');
  if (typeof value === "string") return value;
  if (!(value instanceof URL)) throw invalid(call, `expected a path or a URL, not ${show(value)}`);
  if (value.protocol === "file:") return value.href;
  throw invalid(call, `no file system is known for ${value.href}`, "use a path or a file: URL");
}

/** A value as errors show it. */
export function show(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function" || Array.isArray(value)) return Array.isArray(value) ? "an array" : "a function";
  return typeof value === "object" && value !== null ? `an object` : String(value);
}
