/** Bytes of a slab that many small pieces share: V8's collector has work with each buffer, however small. */
const slabBytes = 64 * 1024;
let slab = new ArrayBuffer(0);
let taken = 0;

/** So many bytes, all zero, at a multiple of 8 of some buffer. */
export function newBytes(length: number): Uint8Array {
  if (length > slabBytes / 8) return new Uint8Array(length);
  if (taken + length > slab.byteLength) {
    slab = new ArrayBuffer(slabBytes);
    taken = 0;
  }
  const bytes = new Uint8Array(slab, taken, length);
  taken += (length + 7) & ~7;
  return bytes;
}

const numbers = new Float64Array(1);
const bytesOfNumber = new Uint8Array(numbers.buffer);

/** Writes a float at a position. */
export function writeFloat(bytes: Uint8Array, at: number, value: number): void {
  numbers[0] = value;
  for (let i = 0; i < 8; i++) bytes[at + i] = bytesOfNumber[i]!;
}

/** The float at a position. */
export function readFloat(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 8; i++) bytesOfNumber[i] = bytes[at + i]!;
  return numbers[0]!;
}
