import type { CallSite } from "./call-site.ts";
import type { ErrorCode } from "./error-table.ts";
import { GloamError, isGloamError } from "./gloam-error.ts";
import { toPlainData } from "./plain-data.ts";

/** An error, or whatever else was thrown, as plain data that survives structured clone, msgpackr and JSON (but bigint). */
export type SerializedError = SerializedErrorObject | SerializedThrownValue;

/** A thrown value that is no error. */
export interface SerializedThrownValue {
  readonly kind: "value";
  readonly value: unknown;
}

/** An error with all that a reader of its message needs. */
export interface SerializedErrorObject {
  readonly kind: "error";
  /** Name of the nearest built-in class, such as `TypeError`, or `GloamError`. */
  readonly type: string;
  readonly name: string;
  readonly message: string;
  /** As it was where the error was made; not mapped again. */
  readonly stack: string | undefined;
  /** Own enumerable properties that are plain data, such as `code` and `path` of a file system's error. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly cause: SerializedError | undefined;
  /** Errors of an `AggregateError`. */
  readonly errors: readonly SerializedError[] | undefined;
  /** For a `GloamError`. */
  readonly gloam:
    | {
        readonly code: ErrorCode;
        readonly hint: string;
        readonly callSite: CallSite | undefined;
        readonly operation: string | undefined;
      }
    | undefined;
}

const longestText = 64 * 1024;
const deepestCause = 8;
const mostErrors = 16;

const builtIn: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/**
 * Turns anything that was thrown into plain data of bounded size: texts of at most 64 Ki characters, causes at most 8
 * deep, at most 16 errors of an `AggregateError`. Never throws, whatever the error's getters do.
 */
export function serializeError(thrown: unknown): SerializedError {
  return serialize(thrown, deepestCause);
}

function serialize(thrown: unknown, depth: number): SerializedError {
  if (depth < 0) return { kind: "value", value: "(further causes are left out)" };
  if (!isError(thrown))
    return { kind: "value", value: thrown === null ? null : (toPlainData(thrown) ?? describe(thrown)) };
  const type = typeOf(thrown);
  const cause = read(thrown, "cause");
  const errors = type === "AggregateError" ? read(thrown, "errors") : undefined;
  return {
    kind: "error",
    type,
    name: readText(thrown, "name") ?? type,
    message: readText(thrown, "message") ?? "",
    stack: readText(thrown, "stack"),
    properties: plainProperties(thrown),
    cause: cause === undefined ? undefined : serialize(cause, depth - 1),
    errors: Array.isArray(errors)
      ? errors.slice(0, mostErrors).map((inner: unknown) => serialize(inner, depth - 1))
      : undefined,
    gloam: isGloamError(thrown)
      ? { code: thrown.code, hint: thrown.hint, callSite: plainCallSite(thrown.callSite), operation: thrown.operation }
      : undefined,
  };
}

/**
 * Makes the error again: a `GloamError` stays one, built-in classes are kept, an instance of the user's own class becomes
 * the built-in class that it extends, under its own name. The stack is the one of where the error was made.
 */
export function deserializeError(serialized: SerializedError): unknown {
  if (serialized.kind === "value") return serialized.value;
  const error = create(serialized);
  for (const [key, value] of Object.entries(serialized.properties)) define(error, key, value, true);
  for (const key of ["name", "message", "stack"] as const) {
    if (error[key] !== serialized[key]) define(error, key, serialized[key], false);
  }
  if (serialized.cause !== undefined) define(error, "cause", deserializeError(serialized.cause), false);
  return error;
}

function create({ type, name, message, errors, gloam }: SerializedErrorObject): Error {
  if (gloam !== undefined) return new GloamError(gloam.code, message, gloam);
  if (type === "AggregateError") return new AggregateError((errors ?? []).map(deserializeError), message);
  if (type === "DOMException") return new DOMException(message, name);
  return new ((Object.hasOwn(builtIn, type) ? builtIn[type] : undefined) ?? Error)(message);
}

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true });
}

/** Also for errors of another realm, such as a vm context. */
function isError(thrown: unknown): thrown is Error {
  try {
    return thrown instanceof Error || Object.prototype.toString.call(thrown) === "[object Error]";
  } catch {
    return false;
  }
}

/** By name and not by identity, for errors of another realm. */
function typeOf(error: Error): string {
  try {
    for (let level: unknown = error; level !== null; level = Object.getPrototypeOf(level)) {
      const name = (level as { readonly constructor?: { readonly name?: unknown } }).constructor?.name;
      if (name === "AggregateError" || name === "DOMException") return name;
      if (typeof name === "string" && Object.hasOwn(builtIn, name)) return name;
    }
  } catch {
    // A proxy, or a constructor that throws when it is read.
  }
  return "Error";
}

const ownNames: ReadonlySet<string> = new Set(["name", "message", "stack", "cause", "errors"]);

function plainProperties(error: Error): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  try {
    for (const key of Object.keys(error)) {
      const value = ownNames.has(key) ? undefined : toPlainData(read(error, key));
      if (value !== undefined) properties[key] = value;
    }
  } catch {
    // A proxy that does not tell its keys.
  }
  return properties;
}

function plainCallSite(callSite: CallSite | undefined): CallSite | undefined {
  return callSite && { file: callSite.file, line: callSite.line, column: callSite.column };
}

function read(error: Error, key: string): unknown {
  try {
    return (error as unknown as Readonly<Record<string, unknown>>)[key];
  } catch {
    return undefined;
  }
}

function readText(error: Error, key: string): string | undefined {
  const value = read(error, key);
  if (typeof value !== "string") return undefined;
  return value.length <= longestText ? value : `${value.slice(0, longestText)} ... (${value.length} characters)`;
}

/** What was thrown, where it is neither an error nor plain data. */
function describe(thrown: unknown): string | undefined {
  if (thrown === undefined) return undefined;
  try {
    // oxlint-disable-next-line typescript/no-base-to-string -- a class without toString still shows as an object
    return String(thrown);
  } catch {
    return "(a value that cannot be shown)";
  }
}
