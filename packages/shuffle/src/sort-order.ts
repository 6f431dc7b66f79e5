import { comparePacked, type PackedStrings } from "./packed-strings.ts";

/** The sorted order of rows: row numbers, equal keys in the order of arrival. */
export type Order = Int32Array;

/** Order of numbers: ascending, NaN last, -0 equal to 0. Radix sort over the bits, about 30 ns a row. */
export function orderNumbers(keys: Float64Array, length: number, ascending: boolean): Order {
  const high = new Uint32Array(length);
  const low = new Uint32Array(length);
  const floats = new Float64Array(1);
  const words = new Uint32Array(floats.buffer);
  const flip = ascending ? 0 : 0xffffffff;
  for (let row = 0; row < length; row++) {
    const key = keys[row]!;
    // Adding 0 makes -0 and 0 the same; every NaN is written with the same bits, above Infinity.
    floats[0] = key === key ? key + 0 : NaN;
    const top = words[1]!;
    // Negative numbers order backwards: all bits are turned; positive ones come after them.
    const mask = (top & 0x80000000) !== 0 && key === key ? 0xffffffff : 0;
    high[row] = ((mask === 0 ? top | 0x80000000 : ~top) ^ flip) >>> 0;
    low[row] = (words[0]! ^ mask ^ flip) >>> 0;
  }
  return radix(high, low, length, 11, 32, 32);
}

const notAscii = 0xff80ff80 | 0;
/** ASCII characters that the radix passes look at, seven bits each. */
const asciiPrefix = 7;

/** Order of packed strings by UTF-16 code unit. Radix sort over a prefix, then ties; 60 to 120 ns a row. */
export function orderStrings(strings: PackedStrings, length: number, ascending: boolean): Order {
  const { words, end } = strings;
  let bits = 0;
  for (let word = 0; word < end; word++) bits |= words[word]!;
  return (bits & notAscii) === 0 ? orderAscii(strings, length, ascending) : orderWide(strings, length, ascending);
}

function orderAscii(strings: PackedStrings, length: number, ascending: boolean): Order {
  const { words, starts, lengths } = strings;
  const high = new Uint32Array(length);
  const low = new Uint32Array(length);
  const flipHigh = ascending ? 0 : 0x1ffffff;
  const flipLow = ascending ? 0 : 0xffffff;
  for (let row = 0; row < length; row++) {
    const size = lengths[row]!;
    const start = starts[row]!;
    // What lies behind the end of a string belongs to the next one.
    const a = size > 0 ? words[start]! : 0;
    const b = size > 2 ? words[start + 1]! : 0;
    const c = size > 4 ? words[start + 2]! : 0;
    const d = size > 6 ? words[start + 3]! & 0x7f : 0;
    const middle = b >>> 16;
    high[row] = (((a & 0x7f) << 18) | ((a >>> 16) << 11) | ((b & 0x7f) << 4) | (middle >>> 3)) ^ flipHigh;
    low[row] = (((middle & 7) << 21) | ((c & 0x7f) << 14) | ((c >>> 16) << 7) | d) ^ flipLow;
  }
  const order = radix(high, low, length, 13, 25, 24);
  return orderTies(strings, order, high, low, asciiPrefix, ascending);
}

/** With other characters the prefix is four code units. */
function orderWide(strings: PackedStrings, length: number, ascending: boolean): Order {
  const { words, starts, lengths } = strings;
  const high = new Uint32Array(length);
  const low = new Uint32Array(length);
  const flip = ascending ? 0 : 0xffffffff;
  for (let row = 0; row < length; row++) {
    const size = lengths[row]!;
    const start = starts[row]!;
    const a = size > 0 ? words[start]! : 0;
    const b = size > 2 ? words[start + 1]! : 0;
    high[row] = (((a << 16) | (a >>> 16)) ^ flip) >>> 0;
    low[row] = (((b << 16) | (b >>> 16)) ^ flip) >>> 0;
  }
  const order = radix(high, low, length, 11, 32, 32);
  return orderTies(strings, order, high, low, 4, ascending);
}

/** Sorts the rows that are equal in their prefixes of `units`. */
function orderTies(
  { words, starts, lengths }: PackedStrings,
  order: Order,
  high: Uint32Array,
  low: Uint32Array,
  units: number,
  ascending: boolean,
): Order {
  const sign = ascending ? 1 : -1;
  const compare = (a: number, b: number): number =>
    sign * comparePacked(words, starts[a]!, lengths[a]!, starts[b]!, lengths[b]!) || a - b;
  for (let from = 0; from < order.length;) {
    const first = order[from]!;
    let differ = false;
    let to = from + 1;
    for (; to < order.length; to++) {
      const row = order[to]!;
      if (high[row] !== high[first] || low[row] !== low[first]) break;
      differ ||= lengths[row] !== lengths[first] || lengths[row]! > units;
    }
    if (differ) order.subarray(from, to).sort(compare);
    from = to;
  }
  return order;
}

/** Order by a comparison of keys: one of the user's, or that of any keys. */
export function orderByComparison(
  keys: readonly unknown[],
  length: number,
  compare: (a: unknown, b: unknown) => number,
): Order {
  const order = Array.from({ length }, (_, row) => row);
  // Array.prototype.sort is stable.
  order.sort((a, b) => compare(keys[a], keys[b]));
  return Int32Array.from(order);
}

/**
 * Least significant digit first over `high` and `low`, of which the lowest `highBits` and `lowBits` count. Digits that all
 * rows share cost one pass of counting only.
 */
function radix(
  high: Uint32Array,
  low: Uint32Array,
  length: number,
  digitBits: number,
  highBits: number,
  lowBits: number,
): Order {
  let order = new Int32Array(length);
  for (let row = 0; row < length; row++) order[row] = row;
  if (length < 2) return order;
  if (length < 200) {
    // Below that, counting digits costs more than comparing.
    return order.sort((a, b) => high[a]! - high[b]! || low[a]! - low[b]! || a - b);
  }
  let spare = new Int32Array(length);
  const next = new Int32Array(1 << digitBits);
  const mask = (1 << digitBits) - 1;
  for (const [words, bits] of [
    [low, lowBits],
    [high, highBits],
  ] as const) {
    for (let shift = 0; shift < bits; shift += digitBits) {
      next.fill(0);
      for (let row = 0; row < length; row++) next[(words[row]! >>> shift) & mask]!++;
      if (next[(words[0]! >>> shift) & mask] === length) continue;
      let start = 0;
      for (let digit = 0; digit <= mask; digit++) {
        const size = next[digit]!;
        next[digit] = start;
        start += size;
      }
      for (let at = 0; at < length; at++) {
        const row = order[at]!;
        spare[next[(words[row]! >>> shift) & mask]!++] = row;
      }
      [order, spare] = [spare, order];
    }
  }
  return order;
}
