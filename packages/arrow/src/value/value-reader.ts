import { isGloamError } from "@gloam/common";
import { corrupt } from "../corrupt.ts";
import { classNamed } from "./class-registry.ts";
import { arrayBufferClass, binaryClasses, bufferClass, deepestValue, errorClasses, extension } from "./extensions.ts";

const float64 = new Float64Array(1);
const float64Bytes = new Uint8Array(float64.buffer);

/** Object keys repeat from value to value: a small table of them, by the hash of their bytes, saves making strings. */
const keyTable: (string | undefined)[] = Array.from<undefined>({ length: 1024 });

/** Reads what `ValueWriter` writes. Every length is checked against the bytes that are there before it is believed. */
export class ValueReader {
  readonly #buffer: Buffer;
  #position = 0;
  #end = 0;
  #depth = 0;
  /** Objects of the graph by the order in which they begin; a hole while one is not there yet. */
  #seen: unknown[] | undefined = undefined;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The value at `from .. to`. Raises GLOAM_BLOCK_CORRUPT unless those bytes are one value. */
  read(from: number, to: number): unknown {
    if (from < 0 || to > this.#buffer.length || from > to) throw corrupt("a value lies outside its block");
    this.#position = from;
    this.#end = to;
    this.#depth = 0;
    this.#seen = undefined;
    try {
      const value = this.#value();
      if (this.#position !== to) throw corrupt("a value is followed by other bytes");
      return value;
    } catch (error) {
      // Constructors (RegExp, URL, typed arrays) and a registered class's fromData refuse malformed data in their own ways.
      throw isGloamError(error) ? error : corrupt("a value cannot be rebuilt", error);
    }
  }

  #value(): unknown {
    const code = this.#byte();
    if (code < 0x80) return code;
    if (code < 0x90) return this.#object(code & 0x0f);
    if (code < 0xa0) return this.#array(code & 0x0f);
    if (code < 0xc0) return this.#string(code & 0x1f);
    if (code >= 0xe0) return code - 0x100;
    switch (code) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.#bin(this.#uint8());
      case 0xc5:
        return this.#bin(this.#uint16());
      case 0xc6:
        return this.#bin(this.#uint32());
      case 0xc7:
        return this.#extension(this.#uint8());
      case 0xc8:
        return this.#extension(this.#uint16());
      case 0xc9:
        return this.#extension(this.#uint32());
      case 0xca: {
        this.#need(4);
        this.#position += 4;
        return this.#buffer.readFloatBE(this.#position - 4);
      }
      case 0xcb:
        return this.#float64();
      case 0xcc:
        return this.#uint8();
      case 0xcd:
        return this.#uint16();
      case 0xce:
        return this.#uint32();
      case 0xcf:
        this.#need(8);
        this.#position += 8;
        return this.#buffer.readBigUInt64BE(this.#position - 8);
      case 0xd0:
        return (this.#uint8() << 24) >> 24;
      case 0xd1:
        return (this.#uint16() << 16) >> 16;
      case 0xd2:
        return this.#uint32() | 0;
      case 0xd3:
        this.#need(8);
        this.#position += 8;
        return this.#buffer.readBigInt64BE(this.#position - 8);
      case 0xd4:
        return this.#extension(1);
      case 0xd5:
        return this.#extension(2);
      case 0xd6:
        return this.#extension(4);
      case 0xd7:
        return this.#extension(8);
      case 0xd8:
        return this.#extension(16);
      case 0xd9:
        return this.#string(this.#uint8());
      case 0xda:
        return this.#string(this.#uint16());
      case 0xdb:
        return this.#string(this.#uint32());
      case 0xdc:
        return this.#array(this.#uint16());
      case 0xdd:
        return this.#array(this.#uint32());
      case 0xde:
        return this.#object(this.#uint16());
      case 0xdf:
        return this.#object(this.#uint32());
      default:
        throw corrupt("a value has an unknown type");
    }
  }

  #enter(): void {
    if (this.#depth++ > 2 * deepestValue + 1) throw corrupt("a value is nested too deeply");
  }

  /** Registers a container before its contents, which may refer to it. */
  #known<T>(value: T): T {
    this.#seen?.push(value);
    return value;
  }

  #array(length: number): unknown[] {
    this.#need(length);
    this.#enter();
    const array: unknown[] = this.#known([]);
    for (let i = 0; i < length; i++) array.push(this.#value());
    this.#depth--;
    return array;
  }

  #object(length: number): Record<string, unknown> {
    return this.#properties(this.#known({}), length);
  }

  #properties(object: Record<string, unknown>, length: number): Record<string, unknown> {
    this.#need(length * 2);
    this.#enter();
    for (let i = 0; i < length; i++) {
      const name = this.#key();
      if (name === "__proto__")
        Object.defineProperty(object, name, {
          value: this.#value(),
          enumerable: true,
          configurable: true,
          writable: true,
        });
      else object[name] = this.#value();
    }
    this.#depth--;
    return object;
  }

  #mapLength(): number {
    const code = this.#byte();
    if (code >= 0x80 && code < 0x90) return code & 0x0f;
    if (code === 0xde) return this.#uint16();
    if (code === 0xdf) return this.#uint32();
    throw corrupt("a value lacks its properties");
  }

  #key(): string {
    const code = this.#buffer[this.#position]!;
    if (code >= 0xa0 && code < 0xc0 && this.#position < this.#end) return this.#shortKey(code & 0x1f);
    return this.#text();
  }

  #shortKey(length: number): string {
    const buffer = this.#buffer;
    this.#position++;
    this.#need(length);
    const begin = this.#position;
    let hash = length;
    for (let i = 0; i < length; i++) hash = (Math.imul(hash, 31) + buffer[begin + i]!) | 0;
    const slot = (hash ^ (hash >>> 10)) & 1023;
    const known = keyTable[slot];
    if (known !== undefined && known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === buffer[begin + i]!) i++;
      if (i === length) {
        this.#position += length;
        return known;
      }
    }
    const key = this.#string(length);
    // Only ASCII keys can be compared byte by byte.
    if (key.length === length) keyTable[slot] = key;
    return key;
  }

  #text(): string {
    const value = this.#value();
    if (typeof value !== "string") throw corrupt("a value lacks a name");
    return value;
  }

  #count(): number {
    const value = this.#value();
    if (typeof value !== "number" || value < 0 || !Number.isInteger(value)) throw corrupt("a value lacks a length");
    return value;
  }

  #string(length: number): string {
    this.#need(length);
    const buffer = this.#buffer;
    const begin = this.#position;
    this.#position += length;
    if (length <= 12) {
      let text = "";
      for (let i = begin; i < begin + length; i++) {
        const byte = buffer[i]!;
        if (byte >= 0x80) return buffer.toString("utf8", begin, begin + length);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return buffer.toString("utf8", begin, begin + length);
  }

  #bin(length: number): Uint8Array {
    return this.#known(this.#copy(length));
  }

  #copy(length: number): Uint8Array<ArrayBuffer> {
    this.#need(length);
    const copy = new Uint8Array(length);
    copy.set(this.#buffer.subarray(this.#position, this.#position + length));
    this.#position += length;
    return copy;
  }

  #extension(length: number): unknown {
    const type = (this.#byte() << 24) >> 24;
    this.#need(length);
    const outerEnd = this.#end;
    const end = this.#position + length;
    this.#end = end;
    this.#enter();
    const value = this.#extensionValue(type, length);
    this.#depth--;
    if (this.#position !== end) throw corrupt("an extension is longer than its value");
    this.#end = outerEnd;
    return value;
  }

  #extensionValue(type: number, length: number): unknown {
    switch (type) {
      case extension.undefined:
        this.#position += length;
        return undefined;
      case extension.timestamp:
        return this.#known(this.#date(length));
      case extension.invalidDate:
        this.#position += length;
        return this.#known(new Date(Number.NaN));
      case extension.bigint: {
        const negative = this.#byte() === 1;
        if (length > 1 << 20) throw corrupt("a bigint is too long");
        const hex = this.#buffer.toString("hex", this.#position, this.#end);
        this.#position = this.#end;
        const magnitude = BigInt(`0x${hex === "" ? "0" : hex}`);
        return negative ? -magnitude : magnitude;
      }
      case extension.utf16: {
        const text = this.#buffer.toString("utf16le", this.#position, this.#end);
        this.#position = this.#end;
        return text;
      }
      case extension.sparseArray:
        return this.#sparseArray();
      case extension.nullPrototype:
        return this.#properties(this.#known(Object.create(null) as Record<string, unknown>), this.#mapLength());
      case extension.map: {
        const map = this.#known(new Map<unknown, unknown>());
        const size = this.#count();
        this.#need(size * 2);
        for (let i = 0; i < size; i++) {
          const key = this.#value();
          map.set(key, this.#value());
        }
        return map;
      }
      case extension.set: {
        const set = this.#known(new Set<unknown>());
        const size = this.#count();
        this.#need(size);
        for (let i = 0; i < size; i++) set.add(this.#value());
        return set;
      }
      case extension.regExp: {
        const regExp = this.#known(new RegExp(this.#text(), this.#text()));
        regExp.lastIndex = this.#value() as number;
        return regExp;
      }
      case extension.error: {
        const constructor = errorClasses.get(this.#text());
        if (constructor === undefined) throw corrupt("a value has an unknown class");
        return this.#error(constructor);
      }
      case extension.binary:
        return this.#known(this.#binary(length - 1));
      case extension.instance:
        return this.#instance();
      case extension.url:
        return this.#known(new URL(this.#text()));
      case extension.boxed: {
        const slot = this.#seen?.push(undefined);
        const boxed = Object(this.#value()) as object;
        if (slot !== undefined) this.#seen![slot - 1] = boxed;
        return boxed;
      }
      case extension.graph: {
        if (this.#seen !== undefined) throw corrupt("a graph lies within a graph");
        this.#seen = [];
        const value = this.#value();
        this.#seen = undefined;
        return value;
      }
      case extension.reference: {
        const object = this.#seen?.[this.#uint32()];
        if (object === undefined) throw corrupt("a reference leads nowhere");
        return object;
      }
      default:
        throw corrupt("a value has an unknown extension");
    }
  }

  #date(length: number): Date {
    if (length !== 12) throw corrupt("a date has the wrong length");
    const nanoseconds = this.#uint32();
    const seconds = (this.#uint32() | 0) * 4294967296 + this.#uint32();
    return new Date(seconds * 1000 + Math.round(nanoseconds / 1_000_000));
  }

  #sparseArray(): unknown[] {
    const array: unknown[] = this.#known([]);
    const length = this.#count();
    const elements = this.#count();
    if (length > 0xffffffff) throw corrupt("an array is too long");
    this.#need(elements * 2);
    if (length > elements + 1024) {
      // An element far beyond the others turns the array into a table, so that a length alone allocates nothing.
      array[length - 1] = undefined;
      Reflect.deleteProperty(array, length - 1);
    }
    array.length = length;
    for (let i = 0; i < elements; i++) {
      const index = this.#count();
      if (index >= length) throw corrupt("an element lies outside its array");
      array[index] = this.#value();
    }
    return array;
  }

  #error(constructor: abstract new (...values: never[]) => object): object {
    // Without a stack of its own, which would be taken here only to be replaced.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const error = Reflect.construct(Error, [], constructor) as Record<string, unknown>;
    Error.stackTraceLimit = limit;
    delete error["stack"];
    this.#known(error);
    const hidden = this.#mapLength();
    this.#need(hidden * 2);
    for (let i = 0; i < hidden; i++) {
      const name = this.#key();
      Object.defineProperty(error, name, {
        value: this.#value(),
        enumerable: false,
        configurable: true,
        writable: true,
      });
    }
    return this.#properties(error, this.#mapLength());
  }

  #binary(length: number): ArrayBufferView | ArrayBuffer {
    const type = this.#byte();
    const bytes = this.#copy(length);
    if (type === bufferClass) return Buffer.from(bytes.buffer);
    if (type === arrayBufferClass) return bytes.buffer;
    const constructor = binaryClasses[type];
    if (constructor === undefined) throw corrupt("a value has an unknown class");
    return new constructor(bytes.buffer);
  }

  #instance(): object {
    const name = this.#text();
    const registered = classNamed(name);
    if (registered === undefined) throw corrupt(`a value is an instance of '${name}', which is not registered here`);
    if (registered.fromData !== undefined) {
      const slot = this.#seen?.push(undefined);
      const instance = registered.fromData(this.#value() as never);
      if (slot !== undefined) this.#seen![slot - 1] = instance;
      return instance;
    }
    const prototype = registered.constructor.prototype as object;
    if (prototype instanceof Error) return this.#error(registered.constructor);
    return this.#properties(this.#known(Object.create(prototype) as Record<string, unknown>), this.#mapLength());
  }

  #float64(): number {
    this.#need(8);
    const buffer = this.#buffer;
    for (let i = 7; i >= 0; i--) float64Bytes[i] = buffer[this.#position++]!;
    return float64[0]!;
  }

  #byte(): number {
    this.#need(1);
    return this.#buffer[this.#position++]!;
  }

  #uint8(): number {
    return this.#byte();
  }

  #uint16(): number {
    this.#need(2);
    this.#position += 2;
    return (this.#buffer[this.#position - 2]! << 8) | this.#buffer[this.#position - 1]!;
  }

  #uint32(): number {
    this.#need(4);
    const p = this.#position;
    const buffer = this.#buffer;
    this.#position += 4;
    return ((buffer[p]! << 24) | (buffer[p + 1]! << 16) | (buffer[p + 2]! << 8) | buffer[p + 3]!) >>> 0;
  }

  #need(bytes: number): void {
    if (bytes < 0 || this.#position + bytes > this.#end) throw corrupt("a value is cut off");
  }
}
