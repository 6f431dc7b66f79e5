import { GloamError } from "@gloam/common";
import { eachChunk, type OutputHandle } from "@gloam/storage";

/**
 * An output's index as it travels to others: which segments have chunks, and how many bytes each. For each segment that is not
 * empty, in order: segments left out since the one before, number of chunks, bytes of each; all as varints (LEB128). About
 * 3 to 5 bytes for a segment of one chunk.
 */
export function compactIndex(handle: OutputHandle): Uint8Array {
  const bytes: number[] = [];
  let next = 0;
  let current = -1;
  let lengths: number[] = [];
  const flush = (): void => {
    if (lengths.length === 0) return;
    for (const value of [current - next, lengths.length, ...lengths]) pushVarint(bytes, value);
    next = current + 1;
    lengths = [];
  };
  eachChunk(handle, (segment, length) => {
    if (segment !== current) flush();
    current = segment;
    lengths.push(length);
  });
  flush();
  return Uint8Array.from(bytes);
}

/**
 * Bytes of each chunk of a segment; none for an empty one. Reads the index up to that segment, about 2 ns a byte.
 * @throws GloamError `GLOAM_BLOCK_CORRUPT` for bytes that `compactIndex` does not make, as far as they are read.
 */
export function chunkBytesOf(index: Uint8Array, segment: number): number[] {
  const reader = new VarintReader(index);
  let next = 0;
  while (!reader.ended) {
    const current = nextSegment(reader, next);
    const count = nextCount(reader);
    if (current > segment) return [];
    if (current === segment) return Array.from({ length: count }, () => reader.next());
    reader.skip(count);
    next = current + 1;
  }
  return [];
}

/**
 * Bytes of each chunk, by segment, of all segments that are not empty.
 * @throws GloamError `GLOAM_BLOCK_CORRUPT` for bytes that `compactIndex` does not make.
 */
export function segmentsOf(index: Uint8Array): { readonly segment: number; readonly chunkBytes: number[] }[] {
  const segments: { readonly segment: number; readonly chunkBytes: number[] }[] = [];
  const reader = new VarintReader(index);
  for (let next = 0; !reader.ended;) {
    const segment = nextSegment(reader, next);
    segments.push({ segment, chunkBytes: Array.from({ length: nextCount(reader) }, () => reader.next()) });
    next = segment + 1;
  }
  return segments;
}

/** The next segment that has chunks. */
function nextSegment(reader: VarintReader, next: number): number {
  const segment = next + reader.next();
  if (segment > 0xffffffff) throw corrupt("it has a segment that cannot be");
  return segment;
}

/** How many chunks it has. */
function nextCount(reader: VarintReader): number {
  const count = reader.next();
  if (count === 0) throw corrupt("it has a segment without chunks");
  // Each takes a byte at least: what is made here is never longer than the index.
  if (count > reader.left) throw corrupt("it is cut off");
  return count;
}

function pushVarint(bytes: number[], value: number): void {
  let left = value;
  while (left >= 0x80) {
    bytes.push((left & 0x7f) | 0x80);
    left = Math.floor(left / 0x80);
  }
  bytes.push(left);
}

/** Reads varints of 32 bits. */
class VarintReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  next(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 35; scale *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw corrupt("it is cut off");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > 0xffffffff || (byte === 0 && scale > 1)) break;
        return value;
      }
    }
    throw corrupt("a number in it is not written as it must be");
  }

  skip(count: number): void {
    for (let left = count; left > 0; left--) this.next();
  }
}

function corrupt(detail: string): GloamError {
  return new GloamError("GLOAM_BLOCK_CORRUPT", `an output's index cannot be read: ${detail}`);
}
