/** Whether bit `index` is set. Arrow's order: least significant bit first. */
export function hasBit(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3]! >> (index & 7)) & 1) === 1;
}

/** Number of ones among the first `length` bits. */
export function countOnes(bits: Uint8Array, length: number): number {
  let ones = 0;
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) ones += onesOfByte(bits[i]!);
  if ((length & 7) !== 0) ones += onesOfByte(bits[whole]! & ((1 << (length & 7)) - 1));
  return ones;
}

function onesOfByte(byte: number): number {
  let ones = byte - ((byte >> 1) & 0x55);
  ones = (ones & 0x33) + ((ones >> 2) & 0x33);
  return (ones + (ones >> 4)) & 0x0f;
}

/** The bits `from .. to` as a bitmap of their own. A view where `from` is a whole byte, else a copy. */
export function sliceBits(bits: Uint8Array, from: number, to: number): Uint8Array {
  const bytes = (to - from + 7) >> 3;
  const first = from >> 3;
  const shift = from & 7;
  if (shift === 0) return bits.subarray(first, first + bytes);
  const out = new Uint8Array(bytes);
  for (let i = 0; i < bytes; i++) out[i] = (bits[first + i]! >> shift) | ((bits[first + i + 1] ?? 0) << (8 - shift));
  return out;
}

/** The bits at `indices[from .. to]`. */
export function gatherBits(bits: Uint8Array, indices: Int32Array | Uint32Array, from: number, to: number): Uint8Array {
  const out = new Uint8Array((to - from + 7) >> 3);
  for (let i = from, k = 0; i < to; i++, k++) {
    const index = indices[i]!;
    out[k >> 3]! |= ((bits[index >> 3]! >> (index & 7)) & 1) << (k & 7);
  }
  return out;
}
