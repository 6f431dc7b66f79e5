import { GloamError } from "@gloam/common";
import { enumTable, messageTable, unionTable } from "./message-table.ts";

/** How a message is checked. */
export interface CheckOptions {
  /**
   * Refuse fields and values of enums that the definitions lack. Without, as for what a newer Mesos may send, unknown fields
   * are kept, and an unknown value of an enum counts as not there: it is taken out, and refused only where the field is required.
   */
  readonly strict?: boolean;
}

/**
 * Checks that a value is a message of the v1 API in JSON: required fields are there, and each has the kind of its definition.
 * Takes time in proportion to the value; takes out what is null or, unless strict, of an unknown enum value.
 *
 * @param name the message's type in this package, such as `SchedulerCall`.
 * @throws GLOAM_MESOS_PROTOCOL with the path of the first field that is wrong.
 */
export function checkMessage(name: string, value: unknown, options: CheckOptions = {}): void {
  checkFields(name, value, name, options);
}

function checkFields(name: string, value: unknown, path: string, options: CheckOptions): void {
  if (!isObject(value)) throw wrong(path, "is no object");
  const row = messageTable[name];
  if (row === undefined) throw new RangeError(`there is no message ${name}`);
  for (const field in row) checkField(row[field]!, value, field, `${path}.${field}`, options);
  const { type } = value;
  if (typeof type === "string" && has(unionTable[name], type) && value[type.toLowerCase()] === undefined)
    throw wrong(`${path}.${type.toLowerCase()}`, "is missing");
  if (options.strict === true) {
    const unknown = Object.keys(value).find((field) => !Object.hasOwn(row, field));
    if (unknown !== undefined) throw wrong(`${path}.${unknown}`, "is unknown");
  }
}

function checkField(
  kind: string,
  message: Record<string, unknown>,
  field: string,
  path: string,
  options: CheckOptions,
): void {
  const value = Object.hasOwn(message, field) ? message[field] : undefined;
  const mark = /^\W/.test(kind) ? kind[0] : "";
  const single = kind.slice(mark!.length);
  if (value === undefined || value === null) {
    if (mark === "!") throw wrong(path, "is missing");
    delete message[field];
  } else if (mark === "*") {
    if (!Array.isArray(value)) throw wrong(path, "is no list");
    const isKept = value.map((each: unknown, index) => checkValue(single, each, `${path}[${index}]`, options));
    if (isKept.includes(false)) message[field] = value.filter((_, index) => isKept[index]);
  } else if (mark === "%") {
    if (!isObject(value)) throw wrong(path, "is no object");
    for (const key of Object.keys(value)) {
      if (!checkValue(single, value[key], `${path}.${key}`, options)) delete value[key];
    }
  } else if (!checkValue(single, value, path, options)) {
    if (mark === "!") throw wrong(path, "has an unknown value");
    delete message[field];
  }
}

/** @returns whether it is kept. */
function checkValue(kind: string, value: unknown, path: string, options: CheckOptions): boolean {
  const scalar = scalars[kind];
  if (scalar !== undefined) {
    if (!scalar(value)) throw wrong(path, `is no ${kind}`);
    return true;
  }
  const values = enumTable[kind];
  if (values === undefined) {
    checkFields(kind, value, path, options);
    return true;
  }
  if (typeof value !== "string") throw wrong(path, "is no string");
  if (has(values, value)) return true;
  if (options.strict === true) throw wrong(path, "has an unknown value");
  return false;
}

const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  bytes: (value) => typeof value === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
};

function has(words: string | undefined, word: string): boolean {
  return words !== undefined && words.split(" ").includes(word);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(path: string, problem: string): GloamError {
  return new GloamError("GLOAM_MESOS_PROTOCOL", `${path} ${problem}`);
}
