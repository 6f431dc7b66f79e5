import type { CallSite } from "./call-site.ts";
import { errorTable, type ErrorCode } from "./error-table.ts";
import type { SerializedError, SerializedErrorObject } from "./serialized-error.ts";

const deepest = 16;
const most = 64;

/**
 * Makes a `SerializedError` of what came from elsewhere, whatever that is: parts that are not what they should be are left out, and
 * what is none at all is a thrown value.
 */
export function readSerializedError(value: unknown): SerializedError {
  return readAt(value, deepest);
}

function readAt(value: unknown, depth: number): SerializedError {
  if (depth < 0) return { kind: "value", value: "(further causes are left out)" };
  if (!isRecord(value)) return { kind: "value", value };
  if (value["kind"] !== "error") return { kind: "value", value: value["value"] };
  const { type, name, message, stack, properties, cause, errors, gloam } = value;
  return {
    kind: "error",
    type: textOr(type, "Error"),
    name: textOr(name, "Error"),
    message: textOr(message, ""),
    stack: typeof stack === "string" ? stack : undefined,
    properties: isRecord(properties) ? { ...properties } : {},
    cause: cause === undefined || cause === null ? undefined : readAt(cause, depth - 1),
    errors: Array.isArray(errors) ? errors.slice(0, most).map((each) => readAt(each, depth - 1)) : undefined,
    gloam: readGloam(gloam),
  };
}

function readGloam(value: unknown): SerializedErrorObject["gloam"] {
  if (!isRecord(value)) return undefined;
  const { code, hint, callSite, operation } = value;
  if (typeof code !== "string" || !Object.hasOwn(errorTable, code)) return undefined;
  const known = code as ErrorCode;
  return {
    code: known,
    hint: textOr(hint, errorTable[known].mend),
    callSite: readCallSite(callSite),
    operation: typeof operation === "string" ? operation : undefined,
  };
}

function readCallSite(value: unknown): CallSite | undefined {
  if (!isRecord(value)) return undefined;
  const { file, line, column } = value;
  if (typeof file !== "string" || typeof line !== "number" || typeof column !== "number") return undefined;
  return { file, line, column };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
