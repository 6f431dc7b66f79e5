import type { ColumnOf } from "../column.ts";
import { vectorOver, vectorWidth, type Vector } from "../vector-classes.ts";
import { longestBytes } from "../build/appender.ts";
import type { Indices } from "./gather.ts";
import type { ResultBuffers } from "./result-buffers.ts";

/** Longer arrays are copied by one call, which costs about as much as copying so many words, or bytes, here. */
const longWords = 64;
const longBytes = 48;

/** The elements of the typed arrays at `indices[from .. to]`, one array behind the other; `length` elements in all. */
export function gatherVectors(
  { of, offsets, values }: ColumnOf<"vector">,
  length: number,
  indices: Indices,
  from: number,
  to: number,
  buffers: ResultBuffers,
): Vector {
  const width = vectorWidth(of);
  if (length * width > longestBytes) throw new RangeError("the gathered rows have more than 2 GiB in one column");
  const { buffer, byteOffset, byteLength } = values;
  if (width < 4) {
    const out = buffers.bytes(length * width);
    gatherBytes(new Uint8Array(buffer, byteOffset, byteLength), width, offsets, indices, from, to, out);
    return vectorOver(of, out.buffer, out.byteOffset, length);
  }
  // As integers: floats that V8 loads and stores need not stay the same NaN, and bigints would be made one by one.
  const scale = width / 4;
  const out = buffers.int32(length * scale);
  gatherWords(new Int32Array(buffer, byteOffset, byteLength / 4), scale, offsets, indices, from, to, out);
  return vectorOver(of, out.buffer, out.byteOffset, length);
}

// One function per class of array: V8 would otherwise find several classes at one place.

function gatherWords(
  words: Int32Array,
  scale: number,
  offsets: Int32Array,
  indices: Indices,
  from: number,
  to: number,
  out: Int32Array,
): void {
  let position = 0;
  for (let i = from; i < to; i++) {
    const index = indices[i]!;
    const begin = offsets[index]! * scale;
    const end = offsets[index + 1]! * scale;
    if (end - begin > longWords) {
      out.set(words.subarray(begin, end), position);
      position += end - begin;
    } else for (let k = begin; k < end; k++) out[position++] = words[k]!;
  }
}

function gatherBytes(
  bytes: Uint8Array,
  scale: number,
  offsets: Int32Array,
  indices: Indices,
  from: number,
  to: number,
  out: Uint8Array,
): void {
  let position = 0;
  for (let i = from; i < to; i++) {
    const index = indices[i]!;
    const begin = offsets[index]! * scale;
    const end = offsets[index + 1]! * scale;
    if (end - begin > longBytes) {
      out.set(bytes.subarray(begin, end), position);
      position += end - begin;
    } else for (let k = begin; k < end; k++) out[position++] = bytes[k]!;
  }
}
