import { isGloamError } from "@gloam/common";
import { corrupt } from "../corrupt.ts";
import { cannotTravel, escapeValue } from "./escape-value.ts";
import { isEscape } from "./escapes.ts";
import { pack, unpack } from "./message-pack.ts";
import { refusalOf, type ValueName } from "./refusal.ts";
import { SetApart } from "./set-apart.ts";
import { unescapeValue } from "./unescape-value.ts";

const anElement: ValueName = { name: "an element" };

/**
 * Encodes any value that can travel as MessagePack, with escapes for -0, holes, Maps, Sets, RegExps, Errors, typed arrays,
 * URLs, objects without prototype, registered classes, cycles. `decodeValue` gives an equal value back. Named properties
 * of arrays and properties under symbols are not data and stay behind. Objects that are shared within the value become
 * one object again only where the value is a cycle, deep, or very large.
 *
 * Raises GLOAM_VALUE_NOT_SERIALIZABLE for symbols, functions and instances of classes that are not registered, with the
 * path at which they stand; `named` says what the value is there. About 100 ns, and 30 ns a number or short string; twice that where something is escaped.
 *
 * @example
 * decodeValue(encodeValue({ when: new Date(0), tags: new Set(["a"]), zero: -0 }));
 */
export function encodeValue(value: unknown, named: ValueName = anElement): Uint8Array<ArrayBuffer> {
  const form = escapeValue(value);
  if (form === cannotTravel) throw refusalOf(value, named);
  const packed = pack(form);
  const bytes = new Uint8Array(packed.end - packed.start);
  copy(packed, packed.start, packed.end, bytes, 0);
  return bytes;
}

/**
 * The value that `encodeValue` encoded. Raises GLOAM_BLOCK_CORRUPT for bytes that are not one encoded value, or name a
 * class that is not registered here.
 */
export function decodeValue(bytes: Uint8Array): unknown {
  return unpackValue(bytes, 0, bytes.length);
}

/** An encoded value whose large arrays are set apart. */
export interface ValueApart {
  /** Everything else. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** The bytes of the large arrays, to be written one after the other where `decodeApart` finds them. */
  readonly apart: SetApart;
}

/**
 * Encodes a value as `encodeValue` does, but for typed arrays, Buffers and ArrayBuffers of 16 KiB and more, which are not copied: their
 * bytes are to be written somewhere by `apart`.
 */
export function encodeApart(value: unknown, named: ValueName = anElement): ValueApart {
  const apart = new SetApart();
  const form = escapeValue(value, apart);
  if (form === cannotTravel) throw refusalOf(value, named);
  const packed = pack(form);
  const head = new Uint8Array(packed.end - packed.start);
  copy(packed, packed.start, packed.end, head, 0);
  return { head, apart };
}

/**
 * The value that `encodeApart` encoded. Its large typed arrays and Buffers are views of `apart`, which may be shared memory, at a
 * multiple of 8 bytes of its buffer; large ArrayBuffers are copies. Raises GLOAM_BLOCK_CORRUPT as `decodeValue` does.
 */
export function decodeApart(head: Uint8Array, apart: Uint8Array): unknown {
  try {
    const form = unpack(head, 0, head.length);
    return isEscape(form) ? unescapeValue(form, apart) : form;
  } catch (error) {
    throw isGloamError(error) ? error : corrupt("a value cannot be rebuilt", error);
  }
}

/** Where `packValue` wrote: the buffer given, or a larger copy of it. */
let written: Buffer = Buffer.allocUnsafeSlow(0);

/**
 * Encodes a value into `buffer` at `position` and gives the end, or -1 when it cannot travel; `packedBuffer()` is the
 * buffer that holds it. `assertTravels` says why it cannot.
 */
export function packValue(buffer: Buffer, position: number, value: unknown): number {
  written = buffer;
  const form = escapeValue(value);
  if (form === cannotTravel) return -1;
  const packed = pack(form);
  const end = position + packed.end - packed.start;
  if (end > buffer.length) {
    written = Buffer.allocUnsafeSlow(Math.max(256, 2 * buffer.length, end));
    written.set(buffer.subarray(0, position));
  }
  copy(packed, packed.start, packed.end, written, position);
  return end;
}

/** Raises GLOAM_VALUE_NOT_SERIALIZABLE for a value that cannot travel, with the path to what is in its way. */
export function assertTravels(value: unknown): void {
  encodeValue(value);
}

/** See `packValue`. */
export function packedBuffer(): Buffer {
  return written;
}

/** `decodeValue` of the bytes `from .. to`. */
export function unpackValue(bytes: Uint8Array, from: number, to: number): unknown {
  try {
    const form = unpack(bytes, from, to);
    return isEscape(form) ? unescapeValue(form) : form;
  } catch (error) {
    // msgpackr, constructors (RegExp, URL, typed arrays) and a registered class's fromData refuse in their own ways.
    throw isGloamError(error) ? error : corrupt("a value cannot be rebuilt", error);
  }
}

/** A native call costs as much as 50 bytes. */
function copy(source: Buffer, start: number, end: number, target: Uint8Array, at: number): void {
  if (end - start <= 48) for (let i = start, k = at; i < end; i++, k++) target[k] = source[i]!;
  else source.copy(target, at, start, end);
}
