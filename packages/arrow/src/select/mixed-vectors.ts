import type { Column } from "../column.ts";
import { vectorOver, vectorWidth, type VectorClass } from "../vector-classes.ts";
import { MixedBytes } from "./mixed-bytes.ts";
import type { MixedValues } from "./mixed-column.ts";

/** Columns of typed arrays of one class. */
export class MixedVectors implements MixedValues {
  /** Their bytes. */
  readonly bytes: MixedBytes;
  readonly #of: VectorClass;
  readonly #width: number;

  constructor(of: VectorClass, sources: number) {
    this.bytes = new MixedBytes("binary", sources);
    this.#of = of;
    this.#width = vectorWidth(of);
  }

  place(source: number, column: Column): boolean {
    if (column.kind !== "vector" || column.of !== this.#of) return false;
    const { buffer, byteOffset, byteLength } = column.values;
    const width = this.#width;
    return this.bytes.place(source, {
      kind: "binary",
      offsets: width === 1 ? column.offsets : column.offsets.map((offset) => offset * width),
      bytes: new Uint8Array(buffer, byteOffset, byteLength),
    });
  }

  gather(sources: Int32Array, rows: Int32Array, from: number, to: number): Column {
    const { offsets: ends, bytes } = this.bytes.gatherBytes(sources, rows, from, to);
    const width = this.#width;
    const offsets = width === 1 ? ends : ends.map((end) => end / width);
    const values = vectorOver(this.#of, bytes.buffer, bytes.byteOffset, bytes.length / width);
    return { kind: "vector", of: this.#of, offsets, values };
  }
}
