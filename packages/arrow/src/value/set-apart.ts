import { corrupt } from "../corrupt.ts";
import { arrayBufferClass, binaryClasses, bufferClass, escape, escapeMark, uint8Class } from "./escapes.ts";

/** Arrays of fewer bytes stay within their value. */
const leastBytes = 16 * 1024;
/** Every array begins at a multiple of these bytes, so that any typed array can lie there. */
const alignment = 8;

/** The bytes of a value's large arrays, which are not encoded with it: where each is to lie, one after the other. */
export class SetApart {
  readonly #parts: { readonly offset: number; readonly bytes: ArrayBufferView }[] = [];
  #length = 0;

  /** Bytes of all of them together. */
  get byteLength(): number {
    return this.#length;
  }

  /** What stands for an array; undefined for a small one. */
  take(classNumber: number, view: ArrayBufferView): unknown[] | undefined {
    const { byteLength } = view;
    if (byteLength < leastBytes) return undefined;
    const offset = this.#length;
    this.#parts.push({ offset, bytes: view });
    this.#length += Math.ceil(byteLength / alignment) * alignment;
    return [escapeMark, escape.apart, classNumber, offset, byteLength];
  }

  /** Forgets them: the value is encoded anew. */
  clear(): void {
    this.#parts.length = 0;
    this.#length = 0;
  }

  /** Copies all of them to where they belong in `target`, which has `byteLength` bytes. */
  writeTo(target: Uint8Array): void {
    for (const { offset, bytes } of this.#parts) {
      target.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset);
    }
  }
}

/**
 * The array that an escape stands for, as a view of the bytes that were set apart.
 * @throws GloamError `GLOAM_BLOCK_CORRUPT`
 */
export function viewOfApart(apart: Uint8Array | undefined, form: readonly unknown[]): ArrayBufferView | ArrayBuffer {
  const [, , classNumber, offset = -1, length = -1] = form as readonly number[];
  if (apart === undefined || !isWithin(offset, length, apart.length)) throw corrupt("an array is not among its bytes");
  const { buffer } = apart;
  const at = apart.byteOffset + offset;
  if (classNumber === uint8Class) return new Uint8Array(buffer, at, length);
  if (classNumber === bufferClass) return Buffer.from(buffer as ArrayBuffer, at, length);
  if (classNumber === arrayBufferClass) return new Uint8Array(apart.subarray(offset, offset + length)).buffer;
  const constructor = binaryClasses[classNumber as number] as
    (new (buffer: ArrayBufferLike, offset: number, length: number) => ArrayBufferView) | undefined;
  if (constructor === undefined) throw corrupt("a value has an unknown class");
  const { BYTES_PER_ELEMENT: width = 1 } = constructor as { readonly BYTES_PER_ELEMENT?: number };
  return new constructor(buffer, at, length / width);
}

function isWithin(offset: number, length: number, bytes: number): boolean {
  return Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0 && offset + length <= bytes; // prettier-ignore
}
