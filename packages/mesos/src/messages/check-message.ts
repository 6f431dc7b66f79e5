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
  new MessageCheck(name, options.strict === true).fields(name, value);
}

/** A field as the table has it, taken apart once. */
interface Field {
  readonly name: string;
  readonly mark: "" | "!" | "*" | "%";
  /** Name of the scalar, the message or the enum. */
  readonly kind: string;
  readonly isScalar: ((value: unknown) => boolean) | undefined;
  /** Values of the enum, if it is one. */
  readonly values: ReadonlySet<string> | undefined;
}

interface Row {
  readonly fields: ReadonlyMap<string, Field>;
  readonly required: readonly string[];
  /** Values of `type` for which the field of that name has to be there. */
  readonly needed: ReadonlySet<string>;
}

const rows = new Map<string, Row>();

/** The check of one message. Holds the path to where it is, so that it is put together only for an error. */
class MessageCheck {
  readonly #path: (string | number)[];
  readonly #isStrict: boolean;

  constructor(name: string, isStrict: boolean) {
    this.#path = [name];
    this.#isStrict = isStrict;
  }

  fields(name: string, value: unknown): void {
    const row = rowOf(name);
    if (!isObject(value)) throw this.#wrong("is no object");
    for (const field of Object.keys(value)) {
      const known = row.fields.get(field);
      if (known !== undefined) this.#field(known, value);
      else if (this.#isStrict) throw this.#wrong("is unknown", field);
    }
    const { type } = value;
    const needed = typeof type === "string" && row.needed.has(type) ? [type.toLowerCase()] : [];
    const missing = [...row.required, ...needed].find((field) => !Object.hasOwn(value, field));
    if (missing !== undefined) throw this.#wrong("is missing", missing);
  }

  #field(field: Field, message: Record<string, unknown>): void {
    const value = message[field.name];
    this.#path.push(field.name);
    if (value === undefined || value === null) {
      delete message[field.name];
    } else if (field.mark === "*") {
      if (!Array.isArray(value)) throw this.#wrong("is no list");
      const isKept = value.map((each: unknown, index) => this.#at(index, field, each));
      if (isKept.includes(false)) message[field.name] = value.filter((_, index) => isKept[index]);
    } else if (field.mark === "%") {
      if (!isObject(value)) throw this.#wrong("is no object");
      for (const key of Object.keys(value)) if (!this.#at(key, field, value[key])) delete value[key];
    } else if (!this.#value(field, value)) {
      if (field.mark === "!") throw this.#wrong("has an unknown value");
      delete message[field.name];
    }
    this.#path.pop();
  }

  #at(place: string | number, field: Field, value: unknown): boolean {
    this.#path.push(place);
    const isKept = this.#value(field, value);
    this.#path.pop();
    return isKept;
  }

  /** @returns whether it is kept. */
  #value(field: Field, value: unknown): boolean {
    if (field.isScalar !== undefined) {
      if (!field.isScalar(value)) throw this.#wrong(`is no ${field.kind}`);
      return true;
    }
    if (field.values === undefined) {
      this.fields(field.kind, value);
      return true;
    }
    if (typeof value !== "string") throw this.#wrong("is no string");
    if (field.values.has(value)) return true;
    if (this.#isStrict) throw this.#wrong("has an unknown value");
    return false;
  }

  #wrong(problem: string, ...places: string[]): GloamError {
    const steps = [...this.#path, ...places].map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
    return new GloamError("GLOAM_MESOS_PROTOCOL", `${steps.join("").slice(1)} ${problem}`);
  }
}

const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  bytes: (value) => typeof value === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
};

function rowOf(name: string): Row {
  let row = rows.get(name);
  if (row === undefined) {
    const kinds = messageTable[name];
    if (kinds === undefined) throw new RangeError(`there is no message ${name}`);
    const fields = Object.entries(kinds).map(([field, kind]) => readField(field, kind));
    row = {
      fields: new Map(fields.map((field) => [field.name, field])),
      required: fields.filter(({ mark }) => mark === "!").map((field) => field.name),
      needed: new Set(unionTable[name]?.split(" ")),
    };
    rows.set(name, row);
  }
  return row;
}

function readField(name: string, kind: string): Field {
  const [, mark = "", single = ""] = /^(\W?)(\w+)$/.exec(kind) ?? [];
  const values = enumTable[single];
  return {
    name,
    mark: mark as Field["mark"],
    kind: single,
    isScalar: scalars[single],
    values: values === undefined ? undefined : new Set(values.split(" ")),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
