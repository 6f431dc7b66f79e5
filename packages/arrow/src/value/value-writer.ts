import { classOfPrototype, type RegisteredClass } from "./class-registry.ts";
import {
  arrayBufferClass,
  binaryClasses,
  bufferClass,
  deepestValue,
  errorClasses,
  extension,
  hiddenErrorProperties,
} from "./extensions.ts";
import { isForeignPlain } from "./refusal.ts";

const float64 = new Float64Array(1);
const float64Bytes = new Uint8Array(float64.buffer);
const binaryClassOf = new Map<object, number>(
  binaryClasses.map((constructor, i) => [constructor.prototype as object, i]),
);
const errorNameOf = new Map<object, string>(
  [...errorClasses].map(([name, constructor]) => [constructor.prototype as object, name]),
);

/** Values of one record longer than this may be exploding graphs of shared objects: they are written with references. */
const suspiciousLength = 8 << 20;

/** Thrown within the writer and never out of it. */
const needsReferences = new Error("needs references");
const refused = new Error("refused");

/**
 * Writes values as MessagePack with our extensions. A value is first written as a tree; where it turns out to be deep or
 * very large, as a graph in which shared objects and cycles are references.
 */
export class ValueWriter {
  /** Where it writes; replaced by a larger one when full. */
  buffer: Buffer = Buffer.allocUnsafeSlow(0);
  /** Where the next byte goes. */
  position = 0;
  #begin = 0;
  #depth = 0;
  /** Objects of the graph by the order in which they begin; undefined while a tree is written. */
  #seen: Map<object, number> | undefined = undefined;
  /** Instances whose data is being written: their `fromData` needs all of it, so a reference to them cannot be read. */
  readonly #open = new Set<object>();

  /** Appends one value. False, and nothing appended, when it cannot travel; `refusalOf` says why. */
  append(value: unknown): boolean {
    const begin = this.position;
    this.#begin = begin;
    this.#depth = 0;
    try {
      this.#value(value);
      return true;
    } catch (error) {
      this.position = begin;
      if (error === needsReferences) return this.#appendGraph(value);
      if (error === refused) return false;
      throw error;
    }
  }

  #appendGraph(value: unknown): boolean {
    const begin = this.position;
    this.#depth = 0;
    this.#seen = new Map();
    this.#open.clear();
    try {
      const start = this.#beginExtension(extension.graph);
      this.#value(value);
      this.#endExtension(start);
      return true;
    } catch (error) {
      this.position = begin;
      if (error === refused) return false;
      throw error;
    } finally {
      this.#seen = undefined;
    }
  }

  #value(value: unknown): void {
    switch (typeof value) {
      case "number":
        this.#number(value);
        break;
      case "string":
        this.#string(value);
        break;
      case "boolean":
        this.#byte(value ? 0xc3 : 0xc2);
        break;
      case "undefined":
        this.#reserve(3);
        this.buffer[this.position++] = 0xd4;
        this.buffer[this.position++] = extension.undefined;
        this.buffer[this.position++] = 0;
        break;
      case "bigint":
        this.#bigint(value);
        break;
      case "object":
        if (value === null) this.#byte(0xc0);
        else this.#object(value);
        break;
      default:
        throw refused;
    }
  }

  #object(value: object): void {
    if (this.#seen !== undefined) {
      const index = this.#seen.get(value);
      if (index !== undefined) {
        if (this.#open.has(value)) throw refused;
        this.#reserve(6);
        this.buffer[this.position++] = 0xd6;
        this.buffer[this.position++] = extension.reference;
        this.#uint32(index);
        return;
      }
      this.#seen.set(value, this.#seen.size);
      if (this.#depth === deepestValue) throw refused;
    } else if (this.#depth === 100) throw needsReferences;
    this.#depth++;
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype === Object.prototype) this.#properties(value as Record<string, unknown>);
    else if (prototype === Array.prototype) this.#array(value as unknown[]);
    else this.#special(value, prototype);
    this.#depth--;
  }

  #array(array: readonly unknown[]): void {
    const length = array.length;
    const begin = this.position;
    const seen = this.#seen?.size ?? 0;
    this.#arrayHeader(length);
    for (let i = 0; i < length; i++) {
      const value = array[i];
      if (value === undefined && !(i in array)) {
        if (seen !== 0) this.#forget(seen);
        this.position = begin;
        return this.#sparseArray(array);
      }
      this.#value(value);
    }
  }

  /** Takes back what was written of an array before its first hole. */
  #forget(from: number): void {
    for (const [object, index] of this.#seen!) if (index >= from) this.#seen!.delete(object);
  }

  #sparseArray(array: readonly unknown[]): void {
    const start = this.#beginExtension(extension.sparseArray);
    const indices = Object.keys(array).filter((key) => {
      const index = Number(key);
      return index >= 0 && index < array.length && String(index) === key && Number.isInteger(index);
    });
    this.#number(array.length);
    this.#number(indices.length);
    for (const index of indices) {
      this.#number(Number(index));
      this.#value(array[Number(index)]);
    }
    this.#endExtension(start);
  }

  #properties(value: Record<string, unknown>): void {
    const names = Object.keys(value);
    const length = names.length;
    this.#mapHeader(length);
    for (let i = 0; i < length; i++) {
      const name = names[i]!;
      this.#string(name);
      this.#value(value[name]);
    }
  }

  #special(value: object, prototype: object | null): void {
    if (prototype === null) {
      const start = this.#beginExtension(extension.nullPrototype);
      this.#properties(value as Record<string, unknown>);
      return this.#endExtension(start);
    }
    const registered = classOfPrototype(prototype);
    if (registered !== undefined) return this.#instance(value, registered);
    if (ArrayBuffer.isView(value)) return this.#view(value, prototype);
    switch (prototype) {
      case Map.prototype: {
        const start = this.#beginExtension(extension.map);
        this.#number((value as Map<unknown, unknown>).size);
        for (const [key, item] of value as Map<unknown, unknown>) {
          this.#value(key);
          this.#value(item);
        }
        return this.#endExtension(start);
      }
      case Set.prototype: {
        const start = this.#beginExtension(extension.set);
        this.#number((value as Set<unknown>).size);
        for (const item of value as Set<unknown>) this.#value(item);
        return this.#endExtension(start);
      }
      case Date.prototype:
        return this.#date((value as Date).getTime());
      case RegExp.prototype: {
        const start = this.#beginExtension(extension.regExp);
        this.#string((value as RegExp).source);
        this.#string((value as RegExp).flags);
        this.#value((value as RegExp).lastIndex);
        return this.#endExtension(start);
      }
      case URL.prototype: {
        const start = this.#beginExtension(extension.url);
        this.#string((value as URL).href);
        return this.#endExtension(start);
      }
      case Number.prototype:
      case String.prototype:
      case Boolean.prototype:
      case BigInt.prototype: {
        const start = this.#beginExtension(extension.boxed);
        this.#value((value as { valueOf(): unknown }).valueOf());
        return this.#endExtension(start);
      }
      case ArrayBuffer.prototype:
        return this.#binary(arrayBufferClass, new Uint8Array(value as ArrayBuffer));
    }
    const errorName = errorNameOf.get(prototype);
    if (errorName !== undefined && value instanceof Error) return this.#error(value, errorName);
    if (!isForeignPlain(value, prototype)) throw refused;
    if (Array.isArray(value)) this.#array(value);
    else this.#properties(value as Record<string, unknown>);
  }

  #instance(value: object, registered: RegisteredClass): void {
    const start = this.#beginExtension(extension.instance);
    this.#string(registered.name);
    if (registered.toData !== undefined) {
      this.#open.add(value);
      this.#value(registered.toData(value as never));
      this.#open.delete(value);
    } else if (value instanceof Error) this.#errorProperties(value);
    else this.#properties(value as Record<string, unknown>);
    this.#endExtension(start);
  }

  #error(error: Error, name: string): void {
    const start = this.#beginExtension(extension.error);
    this.#string(name);
    this.#errorProperties(error);
    this.#endExtension(start);
  }

  #errorProperties(error: Error): void {
    const own = error as unknown as Record<string, unknown>;
    const hidden = hiddenErrorProperties.filter(
      (name) => Object.hasOwn(error, name) && !Object.prototype.propertyIsEnumerable.call(error, name),
    );
    this.#mapHeader(hidden.length);
    for (const name of hidden) {
      this.#string(name);
      this.#value(own[name]);
    }
    this.#properties(own);
  }

  #view(view: ArrayBufferView, prototype: object): void {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    if (prototype === Uint8Array.prototype) {
      this.#binHeader(bytes.length);
      this.#bytes(bytes);
    } else if (prototype === Buffer.prototype) this.#binary(bufferClass, bytes);
    else {
      const index = binaryClassOf.get(prototype);
      if (index === undefined) throw refused;
      this.#binary(index, bytes);
    }
  }

  #binary(classByte: number, bytes: Uint8Array): void {
    const start = this.#beginExtension(extension.binary);
    this.#byte(classByte);
    this.#bytes(bytes);
    this.#endExtension(start);
  }

  #date(time: number): void {
    if (Number.isNaN(time)) {
      this.#reserve(3);
      this.buffer[this.position++] = 0xd4;
      this.buffer[this.position++] = extension.invalidDate;
      this.buffer[this.position++] = 0;
      return;
    }
    const seconds = Math.floor(time / 1000);
    this.#reserve(15);
    this.buffer[this.position++] = 0xc7;
    this.buffer[this.position++] = 12;
    this.buffer[this.position++] = extension.timestamp;
    this.#uint32((time - seconds * 1000) * 1_000_000);
    this.#uint32(Math.floor(seconds / 4294967296));
    this.#uint32(seconds);
  }

  #number(value: number): void {
    this.#reserve(9);
    const buffer = this.buffer;
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      if (value >= 0) {
        if (value < 0x80) buffer[this.position++] = value;
        else if (value < 0x100) {
          buffer[this.position++] = 0xcc;
          buffer[this.position++] = value;
        } else if (value < 0x10000) {
          buffer[this.position++] = 0xcd;
          buffer[this.position++] = value >> 8;
          buffer[this.position++] = value;
        } else {
          buffer[this.position++] = 0xce;
          this.#uint32(value);
        }
      } else if (value >= -0x20) buffer[this.position++] = value;
      else if (value >= -0x80) {
        buffer[this.position++] = 0xd0;
        buffer[this.position++] = value;
      } else if (value >= -0x8000) {
        buffer[this.position++] = 0xd1;
        buffer[this.position++] = value >> 8;
        buffer[this.position++] = value;
      } else {
        buffer[this.position++] = 0xd2;
        this.#uint32(value);
      }
      return;
    }
    float64[0] = value;
    buffer[this.position++] = 0xcb;
    for (let i = 7; i >= 0; i--) buffer[this.position++] = float64Bytes[i]!;
  }

  /** 64-bit integers are bigints and nothing else is; larger ones are an extension. */
  #bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value) {
      this.#reserve(9);
      this.buffer[this.position++] = value < 0n || BigInt.asIntN(64, value) === value ? 0xd3 : 0xcf;
      this.position = this.buffer.writeBigUInt64BE(BigInt.asUintN(64, value), this.position);
      return;
    }
    const start = this.#beginExtension(extension.bigint);
    this.#byte(value < 0n ? 1 : 0);
    const hex = (value < 0n ? -value : value).toString(16);
    this.#bytes(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex"));
    this.#endExtension(start);
  }

  #string(value: string): void {
    const length = value.length;
    this.#reserve(length * 3 + 5);
    const buffer = this.buffer;
    const begin = this.position;
    if (length < 32) {
      let all = 0;
      for (let i = 0; i < length; i++) {
        const unit = value.charCodeAt(i);
        buffer[begin + 1 + i] = unit;
        all |= unit;
      }
      if (all < 0x80) {
        buffer[begin] = 0xa0 | length;
        this.position = begin + 1 + length;
        return;
      }
    }
    const header = length < 0x100 ? 2 : length < 0x10000 ? 3 : 5;
    const written = buffer.write(value, begin + header, "utf8");
    if (written !== length && !value.isWellFormed()) return this.#utf16(value);
    const needed = written < 0x20 ? 1 : written < 0x100 ? 2 : written < 0x10000 ? 3 : 5;
    if (needed !== header) buffer.copyWithin(begin + needed, begin + header, begin + header + written);
    this.#sizeHeader(written, needed === 1 ? 0xa0 : -1, 0xd9);
    this.position += written;
  }

  #utf16(value: string): void {
    const start = this.#beginExtension(extension.utf16);
    this.#reserve(value.length * 2);
    this.position += this.buffer.write(value, this.position, "utf16le");
    this.#endExtension(start);
  }

  #arrayHeader(length: number): void {
    this.#reserve(5);
    if (length < 16) this.buffer[this.position++] = 0x90 | length;
    else this.#wideHeader(length, 0xdc);
  }

  #mapHeader(length: number): void {
    this.#reserve(5);
    if (length < 16) this.buffer[this.position++] = 0x80 | length;
    else this.#wideHeader(length, 0xde);
  }

  #wideHeader(length: number, code: number): void {
    if (length < 0x10000) {
      this.buffer[this.position++] = code;
      this.buffer[this.position++] = length >> 8;
      this.buffer[this.position++] = length;
    } else {
      this.buffer[this.position++] = code + 1;
      this.#uint32(length);
    }
  }

  #binHeader(length: number): void {
    this.#reserve(5);
    this.#sizeHeader(length, -1, 0xc4);
  }

  /** A header of 1, 2, 3 or 5 bytes: `fix | length`, or `code`, `code + 1`, `code + 2` by the size of the length. */
  #sizeHeader(length: number, fix: number, code: number): void {
    if (fix >= 0) this.buffer[this.position++] = fix | length;
    else if (length < 0x100) {
      this.buffer[this.position++] = code;
      this.buffer[this.position++] = length;
    } else this.#wideHeader(length, code + 1);
  }

  #beginExtension(type: number): number {
    this.#reserve(6);
    this.buffer[this.position] = 0xc9;
    this.buffer[this.position + 5] = type;
    this.position += 6;
    return this.position;
  }

  #endExtension(start: number): void {
    const end = this.position;
    this.position = start - 5;
    this.#uint32(end - start);
    this.position = end;
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.buffer[this.position++] = byte;
  }

  #bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** Big endian; room is reserved. */
  #uint32(value: number): void {
    const buffer = this.buffer;
    buffer[this.position++] = value >>> 24;
    buffer[this.position++] = value >>> 16;
    buffer[this.position++] = value >>> 8;
    buffer[this.position++] = value;
  }

  #reserve(bytes: number): void {
    if (this.position + bytes > this.buffer.length) this.#grow(bytes);
  }

  #grow(bytes: number): void {
    if (this.#seen === undefined && this.position - this.#begin > suspiciousLength) throw needsReferences;
    const larger = Buffer.allocUnsafeSlow(Math.max(256, 2 * this.buffer.length, this.position + bytes));
    larger.set(this.buffer.subarray(0, this.position));
    this.buffer = larger;
  }
}
