import { classOfPrototype, type RegisteredClass } from "./class-registry.ts";
import {
  arrayBufferClass,
  binaryClasses,
  bufferClass,
  errorClasses,
  escape,
  escapeMark,
  hiddenErrorProperties,
  uint8Class,
} from "./escapes.ts";
import { isForeignPlain } from "./refusal.ts";
import type { SetApart } from "./set-apart.ts";

/** A tree nested deeper may be a cycle, and a heavier one an exploding graph of shared objects. */
const deepestTree = 100;
/** In characters of text. */
const heaviestTree = 16 << 20;
const objectWeight = 4;

/** Thrown by escapers for `escapeValue` to catch. */
export const needsGraph = new Error("needs a graph");
export const refused = new Error("refused");

const binaryClassOf = new Map<object, number>([
  ...binaryClasses.map((constructor, i): [object, number] => [constructor.prototype as object, i]),
  [Buffer.prototype, bufferClass],
]);
const errorNameOf = new Map<object, string>(
  [...errorClasses].map(([name, constructor]) => [constructor.prototype as object, name]),
);

/**
 * Escapes a value as a tree: gives the value itself, untouched, where there is nothing to escape. Throws `needsGraph` where
 * it turns out to be deep or very large, and `refused` where something cannot travel.
 */
export class TreeEscaper {
  protected depth = 0;
  #weight = 0;
  readonly #apart: SetApart | undefined;

  /** @param apart Takes the bytes of large arrays; left out, they stay where they are. */
  constructor(apart?: SetApart) {
    this.#apart = apart;
  }

  value(value: unknown): unknown {
    switch (typeof value) {
      case "number":
        return isNegativeZero(value) ? [escapeMark, escape.negativeZero] : value;
      case "string":
        this.#weight += value.length;
        return isKept(value) ? value : [escapeMark, escape.utf16, Buffer.from(value, "utf16le")];
      case "object":
        break;
      case "symbol":
      case "function":
        throw refused;
      default:
        return value;
    }
    if (value === null) return null;
    const known = this.enter(value);
    if (known !== undefined) return known;
    this.depth++;
    const prototype = Object.getPrototypeOf(value) as object | null;
    const escaped =
      prototype === Object.prototype
        ? this.#object(value as Record<string, unknown>)
        : prototype === Array.prototype
          ? this.#array(value as unknown[])
          : this.#special(value, prototype);
    this.depth--;
    return escaped;
  }

  /** What stands for an object; undefined for its contents. */
  protected enter(_value: object): unknown {
    if (this.depth === deepestTree || (this.#weight += objectWeight) > heaviestTree) throw needsGraph;
    return undefined;
  }

  /** What a registered class's `toData` gives for an instance, escaped. */
  protected data(instance: object, toData: (instance: never) => unknown): unknown {
    return this.value(toData(instance as never));
  }

  #array(array: readonly unknown[]): unknown {
    const length = array.length;
    // msgpackr goes by the constructor; an array's own property of that name is not data.
    let copy: unknown[] | undefined =
      array[0] === escapeMark ? [escapeMark, escape.array] : array.constructor === Array ? undefined : [];
    for (let i = 0; i < length; i++) {
      const value = array[i];
      if (value === undefined && !(i in array)) return this.#sparseArray(array);
      const escaped = this.value(value);
      if (copy !== undefined) copy.push(escaped);
      else if (escaped !== value && value === value) {
        copy = array.slice(0, i);
        copy.push(escaped);
      }
    }
    return copy ?? array;
  }

  #sparseArray(array: readonly unknown[]): unknown[] {
    const escaped: unknown[] = [escapeMark, escape.sparseArray, array.length];
    for (const key of Object.keys(array)) {
      const index = Number(key);
      // Other properties of arrays are not data.
      if (Number.isInteger(index) && index >= 0 && index < array.length && String(index) === key)
        escaped.push(index, this.value(array[index]));
    }
    return escaped;
  }

  #object(object: Record<string, unknown>): unknown {
    let copy: Record<string, unknown> | undefined;
    const names = Object.keys(object);
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      if (name === "__proto__" || !isKept(name)) return this.#properties([escapeMark, escape.object], object);
      const value = object[name];
      const escaped = this.value(value);
      if (escaped !== value && value === value) (copy ??= { ...object })[name] = escaped;
    }
    return copy ?? object;
  }

  #properties(escaped: unknown[], object: object): unknown[] {
    for (const name of Object.keys(object))
      escaped.push(this.value(name), this.value((object as Record<string, unknown>)[name]));
    return escaped;
  }

  #special(value: object, prototype: object | null): unknown {
    if (prototype === null) return this.#properties([escapeMark, escape.nullPrototype], value);
    const registered = classOfPrototype(prototype);
    if (registered !== undefined) return this.#instance(value, registered);
    switch (prototype) {
      // msgpackr's own.
      case Date.prototype:
        return value;
      case Uint8Array.prototype:
        if (ArrayBuffer.isView(value)) return this.#apart?.take(uint8Class, value) ?? value;
        break;
      case Map.prototype: {
        const escaped: unknown[] = [escapeMark, escape.map];
        for (const [key, item] of value as Map<unknown, unknown>) escaped.push(this.value(key), this.value(item));
        return escaped;
      }
      case Set.prototype: {
        const escaped: unknown[] = [escapeMark, escape.set];
        for (const item of value as Set<unknown>) escaped.push(this.value(item));
        return escaped;
      }
      case RegExp.prototype: {
        const { source, flags, lastIndex } = value as RegExp;
        return [escapeMark, escape.regExp, this.value(source), flags, this.value(lastIndex)];
      }
      case URL.prototype:
        return [escapeMark, escape.url, (value as URL).href];
      case Number.prototype:
      case String.prototype:
      case Boolean.prototype:
      case BigInt.prototype:
        return [escapeMark, escape.boxed, this.value((value as { valueOf(): unknown }).valueOf())];
      case ArrayBuffer.prototype:
        return this.#binary(arrayBufferClass, new Uint8Array(value as ArrayBuffer));
    }
    if (ArrayBuffer.isView(value)) {
      const number = binaryClassOf.get(prototype);
      if (number === undefined) throw refused;
      return this.#binary(number, value);
    }
    const errorName = errorNameOf.get(prototype);
    if (errorName !== undefined && value instanceof Error)
      return this.#error([escapeMark, escape.error, errorName], value);
    if (!isForeignPlain(value, prototype)) throw refused;
    return Array.isArray(value) ? this.#array(value) : this.#object(value as Record<string, unknown>);
  }

  #binary(number: number, view: ArrayBufferView): unknown {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    return this.#apart?.take(number, bytes) ?? [escapeMark, escape.binary, number, bytes];
  }

  #instance(value: object, registered: RegisteredClass): unknown[] {
    const escaped: unknown[] = [escapeMark, escape.instance, this.value(registered.name)];
    if (registered.toData !== undefined) escaped.push(this.data(value, registered.toData));
    else if (value instanceof Error) this.#error(escaped, value);
    else this.#properties(escaped, value);
    return escaped;
  }

  #error(escaped: unknown[], error: Error): unknown[] {
    const hidden: unknown[] = [];
    for (const name of hiddenErrorProperties)
      if (Object.hasOwn(error, name) && !Object.prototype.propertyIsEnumerable.call(error, name))
        hidden.push(name, this.value(error[name as never]));
    escaped.push(hidden);
    return this.#properties(escaped, error);
  }
}

/** Whether this is the zero that MessagePack's integers lack. */
export function isNegativeZero(value: number): boolean {
  return value === 0 && 1 / value < 0;
}

/** Whether a string comes back as it was: it is well formed, and no decoder takes its beginning for a byte order mark. */
export function isKept(text: string): boolean {
  const length = text.length;
  // Keys and words: looking costs less than the native call.
  if (length <= 12) {
    let i = 0;
    while (i < length && text.charCodeAt(i) < 0xd800) i++;
    if (i === length) return true;
  }
  return text.isWellFormed() && text.charCodeAt(0) !== 0xfeff;
}
