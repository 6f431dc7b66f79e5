const digitBits = 11;
const digits = 1 << digitBits;

/**
 * Ids `0 .. count` ordered by their hashes as unsigned numbers; equal hashes stay in the order of ids. This is the order
 * in which everything that groups by hash emits: whatever was split or spilled on the way, concatenating parts by their
 * leading bits gives the same sequence. Radix sort, about 8 ns an id.
 */
export function orderByHash(hashes: Int32Array, count: number): Int32Array {
  let order = new Int32Array(count);
  for (let id = 0; id < count; id++) order[id] = id;
  if (count < 64) {
    // Ids are ascending, so the comparison may end in them.
    return order.sort((a, b) => (hashes[a]! >>> 0) - (hashes[b]! >>> 0) || a - b);
  }
  let spare = new Int32Array(count);
  const next = new Int32Array(digits);
  for (let shift = 0; shift < 32; shift += digitBits) {
    next.fill(0);
    for (let i = 0; i < count; i++) next[(hashes[i]! >>> shift) & (digits - 1)]!++;
    let start = 0;
    for (let digit = 0; digit < digits; digit++) {
      const size = next[digit]!;
      next[digit] = start;
      start += size;
    }
    for (let i = 0; i < count; i++) {
      const id = order[i]!;
      spare[next[(hashes[id]! >>> shift) & (digits - 1)]!++] = id;
    }
    [order, spare] = [spare, order];
  }
  return order;
}
