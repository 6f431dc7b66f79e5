import type { Indices } from "./gather.ts";
import type { ResultBuffers } from "./result-buffers.ts";

/**
 * Rows that are looked at together before they are copied. Rows in random order are cache misses; those of a group are
 * waited for at the same time: a third of the time with rows of 90 bytes out of 30 MB.
 */
const groupRows = 32;
/** Columns of as many bytes lie in the processor's cache anyway. */
const cachedBytes = 512 * 1024;
/** Bytes that the processor fetches at once. */
const cacheLine = 64;
/** Bytes that are copied in one step, and may be written behind a row. */
export const copyStep = 16;
/** Longer rows are copied by one call, which costs about as much as copying so many bytes here. */
export const longAscii = 256;
export const longBytes = 128;

/** Where the wanted rows begin; for one call at a time. */
let rowBegins = new Int32Array(4096);
/** So that looking at rows is not optimised away. */
const looked = { sum: 0 };

/** The rows at `indices[from .. to]` of a column of bytes, of which none is above 127 where `ascii` says so. */
export function gatherBytes(
  bytes: Uint8Array,
  ascii: boolean,
  offsets: Int32Array,
  indices: Indices,
  from: number,
  to: number,
  buffers: ResultBuffers,
): { readonly offsets: Int32Array; readonly bytes: Uint8Array } {
  const count = to - from;
  if (rowBegins.length < count) rowBegins = new Int32Array(count);
  const begins = rowBegins;
  const ends = buffers.int32(count + 1);
  const length = locate(offsets, indices, from, to, begins, ends);
  if (length > 0x7fff_ffff) throw new RangeError("the gathered rows have more than 2 GiB in one column");
  const out = buffers.bytes(length + copyStep);
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const target = new DataView(out.buffer, out.byteOffset, out.byteLength);
  const last = bytes.byteLength - copyStep;
  for (let first = 0; first < count; first += groupRows) {
    const end = Math.min(count, first + groupRows);
    if (last > cachedBytes) looked.sum = look(bytes, begins, first, end, last);
    if (ascii) copyAscii(bytes, source, last, begins, first, end, ends, out, target);
    else copyAny(bytes, source, last, begins, first, end, ends, out, target);
  }
  return { offsets: ends, bytes: out.subarray(0, length) };
}

/** Brings the bytes `from .. to` into the processor's cache. */
export function lookAt(bytes: Uint8Array, from: number, to: number): void {
  let sum = 0;
  for (let at = from; at < to; at += cacheLine) sum += bytes[at]!;
  looked.sum = sum;
}

/** Finds where the rows begin, and where they end in the result; gives the bytes of all. */
function locate(
  offsets: Int32Array,
  indices: Indices,
  from: number,
  to: number,
  begins: Int32Array,
  ends: Int32Array,
): number {
  let end = 0;
  ends[0] = 0;
  for (let i = from; i < to; i++) {
    const index = indices[i]!;
    const begin = offsets[index]!;
    begins[i - from] = begin;
    ends[i - from + 1] = end += offsets[index + 1]! - begin;
  }
  return end;
}

function look(bytes: Uint8Array, begins: Int32Array, from: number, to: number, last: number): number {
  let sum = 0;
  for (let row = from; row < to; row++) {
    const begin = begins[row]!;
    sum += bytes[Math.min(begin, last)]! + bytes[Math.min(begin + cacheLine, last)]!;
  }
  return sum;
}

/**
 * Sixteen bytes at a time, over the end of each row where the next one follows. As numbers, which V8 may only change where they
 * are NaN: without a byte above 127 none is. Both are read before one is written, because V8 then forgets what it knows of
 * the views: that alone takes a third of the time.
 */
export function copyAscii(
  bytes: Uint8Array,
  source: DataView,
  last: number,
  begins: Int32Array,
  from: number,
  to: number,
  ends: Int32Array,
  out: Uint8Array,
  target: DataView,
): void {
  let position = ends[from]!;
  for (let row = from; row < to; row++) {
    const begin = begins[row]!;
    const end = ends[row + 1]!;
    const size = end - position;
    if (begin + size > last || size > longAscii) out.set(bytes.subarray(begin, begin + size), position);
    else
      for (let at = 0; at < size; at += copyStep) {
        const first = source.getFloat64(begin + at, true);
        const second = source.getFloat64(begin + at + 8, true);
        target.setFloat64(position + at, first, true);
        target.setFloat64(position + at + 8, second, true);
      }
    position = end;
  }
}

/** The same as integers. */
export function copyAny(
  bytes: Uint8Array,
  source: DataView,
  last: number,
  begins: Int32Array,
  from: number,
  to: number,
  ends: Int32Array,
  out: Uint8Array,
  target: DataView,
): void {
  let position = ends[from]!;
  for (let row = from; row < to; row++) {
    const begin = begins[row]!;
    const end = ends[row + 1]!;
    const size = end - position;
    if (begin + size > last || size > longBytes) out.set(bytes.subarray(begin, begin + size), position);
    else
      for (let at = 0; at < size; at += copyStep) {
        const first = source.getInt32(begin + at);
        const second = source.getInt32(begin + at + 4);
        const third = source.getInt32(begin + at + 8);
        const fourth = source.getInt32(begin + at + 12);
        target.setInt32(position + at, first);
        target.setInt32(position + at + 4, second);
        target.setInt32(position + at + 8, third);
        target.setInt32(position + at + 12, fourth);
      }
    position = end;
  }
}
