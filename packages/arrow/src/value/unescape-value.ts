import { corrupt } from "../corrupt.ts";
import { classNamed } from "./class-registry.ts";
import { viewOfApart } from "./set-apart.ts";
import { arrayBufferClass, binaryClasses, bufferClass, errorClasses, escape, isEscape } from "./escapes.ts";

/**
 * The value that `escapeValue` gave this form; arrays and objects of the form become those of the value. Raises
 * GLOAM_BLOCK_CORRUPT for a form that it cannot have given, and whatever constructors and a class's `fromData` raise.
 */
export function unescapeValue(form: unknown[], apart?: Uint8Array): unknown {
  return new Unescaper(apart).value(form);
}

/** A key and its value follow each other from there on. */
type Pairs = readonly unknown[];

class Unescaper {
  /** Forms of a graph's parts; undefined outside of graphs. */
  #forms: readonly unknown[] | undefined;
  /** Parts by number, from when they are begun, if others can refer to them then. */
  readonly #parts = new Map<number, unknown>();
  readonly #begun = new Set<number>();
  readonly #apart: Uint8Array | undefined;

  /** @param apart The bytes that were set apart. */
  constructor(apart: Uint8Array | undefined) {
    this.#apart = apart;
  }

  value(form: unknown): unknown {
    return typeof form === "object" && form !== null ? this.#object(form, -1) : form;
  }

  /** `part`: the number of the part that this is the root of, or -1. */
  #object(form: object, part: number): unknown {
    if (Array.isArray(form)) {
      if (isEscape(form)) return this.#escape(form, part);
      return this.#elements(form, part);
    }
    const prototype = Object.getPrototypeOf(form) as object;
    if (prototype === Object.prototype) {
      const object = this.#known(part, form as Record<string, unknown>);
      for (const name of Object.keys(object)) {
        const value = object[name];
        if (typeof value === "object" && value !== null) object[name] = this.#object(value, -1);
      }
    } else if (prototype !== Date.prototype && prototype !== Uint8Array.prototype)
      throw corrupt("a value has an unknown class");
    return form;
  }

  #elements(array: unknown[], part: number): unknown[] {
    this.#known(part, array);
    for (let i = 0; i < array.length; i++) {
      const value: unknown = array[i];
      if (typeof value === "object" && value !== null) array[i] = this.#object(value, -1);
    }
    return array;
  }

  /** Others may refer to a part before its contents are there. */
  #known<T>(part: number, value: T): T {
    if (part >= 0) this.#parts.set(part, value);
    return value;
  }

  #escape(form: readonly unknown[], part: number): unknown {
    switch (form[1]) {
      case escape.root:
        return this.value(form[2]);
      case escape.array:
        return this.#elements(form.slice(2), part);
      case escape.negativeZero:
        return -0;
      case escape.utf16:
        return Buffer.from(bytes(form[2]).buffer).toString("utf16le");
      case escape.sparseArray:
        return this.#sparseArray(form, part);
      case escape.object:
        return this.#properties(this.#known(part, {}), form, 2);
      case escape.nullPrototype:
        return this.#properties(this.#known(part, Object.create(null) as object), form, 2);
      case escape.map: {
        const map = this.#known(part, new Map<unknown, unknown>());
        for (let i = 2; i < whole(form, 2); i += 2) map.set(this.value(form[i]), this.value(form[i + 1]));
        return map;
      }
      case escape.set: {
        const set = this.#known(part, new Set<unknown>());
        for (let i = 2; i < form.length; i++) set.add(this.value(form[i]));
        return set;
      }
      case escape.regExp: {
        const regExp = this.#known(part, new RegExp(this.#text(form[2]), this.#text(form[3])));
        regExp.lastIndex = this.value(form[4]) as number;
        return regExp;
      }
      case escape.error: {
        const constructor = errorClasses.get(this.#text(form[2]));
        if (constructor === undefined) throw corrupt("a value has an unknown class");
        return this.#error(constructor, form, part);
      }
      case escape.binary:
        return this.#known(part, binary(form[2], bytes(form[3])));
      case escape.apart:
        return this.#known(part, viewOfApart(this.#apart, form));
      case escape.instance:
        return this.#instance(form, part);
      case escape.url:
        return this.#known(part, new URL(this.#text(form[2])));
      case escape.boxed:
        return this.#known(part, Object(this.value(form[2])) as object);
      case escape.graph:
        if (this.#forms !== undefined) throw corrupt("a graph lies within a graph");
        this.#forms = form.slice(3);
        return this.value(form[2]);
      case escape.reference:
        return this.#part(form[2]);
      default:
        throw corrupt("a value has an unknown escape");
    }
  }

  #part(number: unknown): unknown {
    const form = this.#forms?.[number as number];
    if (typeof number !== "number" || typeof form !== "object" || form === null)
      throw corrupt("a reference leads nowhere");
    if (this.#begun.has(number)) {
      if (!this.#parts.has(number)) throw corrupt("a reference leads to what is not there yet");
      return this.#parts.get(number);
    }
    this.#begun.add(number);
    return this.#known(number, this.#object(form, number));
  }

  #sparseArray(form: readonly unknown[], part: number): unknown[] {
    const array: unknown[] = this.#known(part, []);
    const length = form[2];
    if (typeof length !== "number" || !(length >= 0 && length <= 0xffff_ffff) || !Number.isInteger(length))
      throw corrupt("an array lacks a length");
    if (length > form.length + 1024) {
      // An element far beyond the others turns the array into a table, so that a length alone allocates nothing.
      array[length - 1] = undefined;
      Reflect.deleteProperty(array, length - 1);
    }
    array.length = length;
    for (let i = 3; i < whole(form, 3); i += 2) {
      const index = form[i];
      if (typeof index !== "number" || !(index >= 0 && index < length) || !Number.isInteger(index))
        throw corrupt("an element lies outside its array");
      array[index] = this.value(form[i + 1]);
    }
    return array;
  }

  #properties<T extends object>(object: T, pairs: Pairs, from: number): T {
    for (let i = from; i < whole(pairs, from); i += 2)
      define(object, this.#text(pairs[i]), this.value(pairs[i + 1]), true);
    return object;
  }

  #error(constructor: abstract new (...values: never[]) => object, form: readonly unknown[], part: number): object {
    // Without a stack of its own, which would be taken here only to be replaced.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const error = Reflect.construct(Error, [], constructor) as Error;
    Error.stackTraceLimit = limit;
    delete error.stack;
    this.#known(part, error);
    const hidden: unknown = form[3];
    if (!Array.isArray(hidden)) throw corrupt("an error lacks its properties");
    for (let i = 0; i < whole(hidden, 0); i += 2)
      define(error, this.#text(hidden[i]), this.value(hidden[i + 1]), false);
    return this.#properties(error, form, 4);
  }

  #instance(form: readonly unknown[], part: number): object {
    const name = this.#text(form[2]);
    const registered = classNamed(name);
    if (registered === undefined) throw corrupt(`a value is an instance of '${name}', which is not registered here`);
    if (registered.fromData !== undefined) return registered.fromData(this.value(form[3]) as never);
    const prototype = registered.constructor.prototype as object;
    if (prototype instanceof Error) return this.#error(registered.constructor, form, part);
    return this.#properties(this.#known(part, Object.create(prototype) as object), form, 3);
  }

  #text(form: unknown): string {
    const text = this.value(form);
    if (typeof text !== "string") throw corrupt("a value lacks a name");
    return text;
  }
}

/** Defines, since an assignment to `__proto__` would set the prototype, and one to an inherited accessor would call it. */
function define(object: object, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(object, name, { value, enumerable, configurable: true, writable: true });
}

/** The length of an array that holds pairs from `from` on. */
function whole(pairs: Pairs, from: number): number {
  if ((pairs.length - from) % 2 !== 0) throw corrupt("a key lacks its value");
  return pairs.length;
}

function bytes(form: unknown): Uint8Array<ArrayBuffer> {
  if (!(form instanceof Uint8Array)) throw corrupt("a value lacks its bytes");
  return form as Uint8Array<ArrayBuffer>;
}

function binary(number: unknown, content: Uint8Array<ArrayBuffer>): ArrayBufferView | ArrayBuffer {
  if (number === bufferClass) return Buffer.from(content.buffer);
  if (number === arrayBufferClass) return content.buffer;
  const constructor = binaryClasses[number as number];
  if (constructor === undefined) throw corrupt("a value has an unknown class");
  return new constructor(content.buffer);
}
