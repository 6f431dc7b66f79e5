import { isUtf8 } from "node:buffer";
import type { Column } from "../column.ts";
import { copyStep, longAscii, longBytes, lookAt } from "./gather-bytes.ts";
import type { MixedValues } from "./mixed-column.ts";
import { noBytes, noOffsets, placesOf } from "./source-places.ts";

/** Columns of text, byte arrays or encoded values. */
export class MixedBytes implements MixedValues {
  readonly kind: "utf8" | "binary" | "any";
  readonly offsets: Int32Array[];
  readonly bytes: Uint8Array[];
  readonly views: DataView[];
  /** Where the last step may begin. */
  readonly lasts: Int32Array;
  readonly #wide: Uint8Array;
  /** One for each batch of which `isSound` has found so. */
  readonly #sound: Uint8Array;
  /** Where the rows begin in their sources. */
  #begins = new Int32Array(0);
  #offsetsOut = new Int32Array(1);
  #bytesOut: Uint8Array = new Uint8Array(4096);
  #viewOut = new DataView(this.#bytesOut.buffer);

  constructor(kind: "utf8" | "binary" | "any", sources: number) {
    this.kind = kind;
    this.offsets = placesOf(sources, noOffsets);
    this.bytes = placesOf(sources, noBytes);
    this.views = placesOf(sources, new DataView(noBytes.buffer));
    this.lasts = new Int32Array(sources);
    this.#wide = new Uint8Array(sources);
    this.#sound = new Uint8Array(sources);
  }

  /** Whether no row has a byte above 127. */
  get ascii(): boolean {
    return !this.#wide.includes(1);
  }

  /** Whether every row of the batches that have a place is UTF-8 for itself: a string of it has U+FFFD for what is not. */
  isSound(): boolean {
    for (const [source, known] of this.#wide.entries()) {
      if (known !== 1 || this.#sound[source] === 1) continue;
      if (!isSound(this.offsets[source]!, this.bytes[source]!)) return false;
      this.#sound[source] = 1;
    }
    return true;
  }

  place(source: number, column: Column): boolean {
    if (column.kind !== this.kind) return false;
    const { offsets, bytes } = column;
    this.offsets[source] = offsets;
    this.bytes[source] = bytes;
    this.views[source] = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.lasts[source] = bytes.byteLength - copyStep;
    this.#sound[source] = 0;
    this.#wide[source] = column.kind === "utf8" && column.ascii ? 0 : 1;
    return true;
  }

  /** Brings the rows `from .. to` of a source into the processor's cache, and gives their bytes. */
  approach(source: number, from: number, to: number): number {
    const offsets = this.offsets[source]!;
    const [begin, end] = [offsets[from]!, offsets[to]!];
    lookAt(this.bytes[source]!, begin, end);
    return end - begin;
  }

  gather(sources: Int32Array, rows: Int32Array, from: number, to: number): Column {
    const { offsets, bytes } = this.gatherBytes(sources, rows, from, to);
    const { ascii } = this;
    return this.kind === "utf8" ? { kind: "utf8", offsets, bytes, ascii } : { kind: this.kind, offsets, bytes };
  }

  /** What `gather` gives, without its kind; the bytes begin at a multiple of 8. */
  gatherBytes(
    sources: Int32Array,
    rows: Int32Array,
    from: number,
    to: number,
  ): { readonly offsets: Int32Array; readonly bytes: Uint8Array } {
    const length = to - from;
    if (this.#begins.length < length) {
      this.#begins = new Int32Array(length);
      this.#offsetsOut = new Int32Array(length + 1);
    }
    const end = this.#locate(sources, rows, from, to);
    if (end > 0x7fff_ffff) throw new RangeError("the rows have more than 2 GiB in one column");
    if (this.#bytesOut.length < end + copyStep) {
      this.#bytesOut = new Uint8Array(Math.max(end + copyStep, 2 * this.#bytesOut.length));
      this.#viewOut = new DataView(this.#bytesOut.buffer);
    }
    if (this.ascii) this.#copyAscii(sources, from, to);
    else this.#copy(sources, from, to);
    return { offsets: this.#offsetsOut.subarray(0, length + 1), bytes: this.#bytesOut.subarray(0, end) };
  }

  /** Finds the rows, and gives the bytes of all. */
  #locate(sources: Int32Array, rows: Int32Array, from: number, to: number): number {
    const out = this.#offsetsOut;
    const begins = this.#begins;
    const offsets = this.offsets;
    let end = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const ends = offsets[sources[i]!]!;
      const begin = ends[row]!;
      begins[i - from] = begin;
      out[i - from + 1] = end += ends[row + 1]! - begin;
    }
    return end;
  }

  // As in `gather-bytes`, but each row may have another source.

  #copyAscii(sources: Int32Array, from: number, to: number): void {
    const out = this.#offsetsOut;
    const target = this.#viewOut;
    const views = this.views;
    const begins = this.#begins;
    const lasts = this.lasts;
    let position = 0;
    for (let i = from; i < to; i++) {
      const source = sources[i]!;
      const view = views[source]!;
      const begin = begins[i - from]!;
      const next = out[i - from + 1]!;
      const size = next - position;
      if (begin + size > lasts[source]! || size > longAscii) this.#copyRow(source, begin, size, position);
      else
        for (let at = 0; at < size; at += copyStep) {
          const first = view.getFloat64(begin + at, true);
          const second = view.getFloat64(begin + at + 8, true);
          target.setFloat64(position + at, first, true);
          target.setFloat64(position + at + 8, second, true);
        }
      position = next;
    }
  }

  #copy(sources: Int32Array, from: number, to: number): void {
    const out = this.#offsetsOut;
    const target = this.#viewOut;
    const views = this.views;
    const begins = this.#begins;
    const lasts = this.lasts;
    let position = 0;
    for (let i = from; i < to; i++) {
      const source = sources[i]!;
      const view = views[source]!;
      const begin = begins[i - from]!;
      const next = out[i - from + 1]!;
      const size = next - position;
      if (begin + size > lasts[source]! || size > longBytes) this.#copyRow(source, begin, size, position);
      else
        for (let at = 0; at < size; at += copyStep) {
          const first = view.getInt32(begin + at);
          const second = view.getInt32(begin + at + 4);
          const third = view.getInt32(begin + at + 8);
          const fourth = view.getInt32(begin + at + 12);
          target.setInt32(position + at, first);
          target.setInt32(position + at + 4, second);
          target.setInt32(position + at + 8, third);
          target.setInt32(position + at + 12, fourth);
        }
      position = next;
    }
  }

  #copyRow(source: number, begin: number, size: number, position: number): void {
    this.#bytesOut.set(this.bytes[source]!.subarray(begin, begin + size), position);
  }
}

function isSound(offsets: Int32Array, bytes: Uint8Array): boolean {
  if (!isUtf8(bytes)) return false;
  const rows = offsets.length - 1;
  for (let row = 1; row < rows; row++) if ((bytes[offsets[row]!]! & 0xc0) === 0x80) return false;
  return true;
}
