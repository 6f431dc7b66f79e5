import type { Column, ColumnOf } from "../column.ts";
import { MixedBytes } from "./mixed-bytes.ts";
import { MixedNumbers } from "./mixed-numbers.ts";
import { MixedVectors } from "./mixed-vectors.ts";
import { noBytes, noIntegers, noOffsets, placesOf } from "./source-places.ts";

/** What rows that are neither null nor undefined hold, in several batches, of which some are picked. */
export interface MixedValues {
  /** Puts a batch's column into a source's place; false where it is of another type. */
  place(source: number, column: Column): boolean;
  /** The rows `rows[from .. to]` of the sources `sources[from .. to]`, in buffers that the next call writes over. */
  gather(sources: Int32Array, rows: Int32Array, from: number, to: number): Column;
}

/** One column of several batches of the same types, of which rows are picked. */
export class MixedColumn implements MixedValues {
  readonly #values: MixedValues;
  readonly #validity: MixedBits | undefined;
  readonly #undefinedBits: MixedBits | undefined;

  /**
   * For columns of the same type as this one.
   *
   * @param rowsOfBytes Gets the columns of bytes that have a place for each row of the batch.
   */
  constructor(column: Column, sources: number, rowsOfBytes: MixedBytes[]) {
    this.#values = mixedValues(column, sources, rowsOfBytes);
    if (this.#values instanceof MixedBytes) rowsOfBytes.push(this.#values);
    if (this.#values instanceof MixedVectors) rowsOfBytes.push(this.#values.bytes);
    if (column.validity !== undefined) this.#validity = new MixedBits(sources);
    if (column.undefinedBits !== undefined) this.#undefinedBits = new MixedBits(sources);
  }

  place(source: number, column: Column): boolean {
    return (
      placeBits(this.#validity, source, column.validity) &&
      placeBits(this.#undefinedBits, source, column.undefinedBits) &&
      this.#values.place(source, column)
    );
  }

  /** The columns of tuples, of which none is null or undefined. */
  elements(): readonly MixedColumn[] | undefined {
    if (this.#validity !== undefined || this.#undefinedBits !== undefined) return undefined;
    return this.#values instanceof MixedChildren ? this.#values.elements : undefined;
  }

  /** The column itself where it is text, of which none is null or undefined. */
  text(): MixedBytes | undefined {
    if (this.#validity !== undefined || this.#undefinedBits !== undefined) return undefined;
    return this.#values instanceof MixedBytes && this.#values.kind === "utf8" ? this.#values : undefined;
  }

  gather(sources: Int32Array, rows: Int32Array, from: number, to: number): Column {
    const values = this.#values.gather(sources, rows, from, to);
    if (this.#validity === undefined && this.#undefinedBits === undefined) return values;
    return {
      ...values,
      validity: this.#validity?.gather(sources, rows, from, to),
      undefinedBits: this.#undefinedBits?.gather(sources, rows, from, to),
    };
  }
}

function placeBits(mixed: MixedBits | undefined, source: number, bits: Uint8Array | undefined): boolean {
  if (mixed === undefined || bits === undefined) return mixed === bits;
  mixed.place(source, bits);
  return true;
}

function mixedValues(column: Column, sources: number, rowsOfBytes: MixedBytes[]): MixedValues {
  switch (column.kind) {
    case "null":
      return new MixedNulls();
    case "int32":
    case "float64":
      return new MixedNumbers(sources);
    case "int64":
    case "timestamp":
      return new MixedHalves(column.kind, sources);
    case "boolean":
      return new MixedBooleans(sources);
    case "utf8":
    case "binary":
    case "any":
      return new MixedBytes(column.kind, sources);
    case "vector":
      return new MixedVectors(column.of, sources);
    case "tuple":
      return new MixedChildren(undefined, column.children, sources, rowsOfBytes);
    case "object":
      return new MixedChildren(column.names, column.children, sources, rowsOfBytes);
    case "list":
      return new MixedLists(column.child, sources);
  }
}

class MixedNulls implements MixedValues {
  place(_source: number, column: Column): boolean {
    return column.kind === "null";
  }

  gather(): Column {
    return { kind: "null" };
  }
}

/** 64-bit values as halves: bigints would be made one by one. */
class MixedHalves implements MixedValues {
  readonly #kind: "int64" | "timestamp";
  readonly #halves: Int32Array[];

  constructor(kind: "int64" | "timestamp", sources: number) {
    this.#kind = kind;
    this.#halves = placesOf(sources, noIntegers);
  }

  place(source: number, column: Column): boolean {
    if (column.kind !== this.#kind) return false;
    const { values } = column as ColumnOf<"int64" | "timestamp">;
    this.#halves[source] = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
    return true;
  }

  gather(sources: Int32Array, rows: Int32Array, from: number, to: number): Column {
    const out = new Int32Array(2 * (to - from));
    for (let i = from, k = 0; i < to; i++, k += 2) {
      const halves = this.#halves[sources[i]!]!;
      const at = rows[i]! * 2;
      out[k] = halves[at]!;
      out[k + 1] = halves[at + 1]!;
    }
    return { kind: this.#kind, values: new BigInt64Array(out.buffer) };
  }
}

/** Bitmaps by source. */
class MixedBits {
  readonly #bits: Uint8Array[];

  constructor(sources: number) {
    this.#bits = placesOf(sources, noBytes);
  }

  place(source: number, bits: Uint8Array): void {
    this.#bits[source] = bits;
  }

  gather(sources: Int32Array, rows: Int32Array, from: number, to: number): Uint8Array {
    const out = new Uint8Array((to - from + 7) >> 3);
    for (let i = from, k = 0; i < to; i++, k++) {
      const row = rows[i]!;
      out[k >> 3]! |= ((this.#bits[sources[i]!]![row >> 3]! >> (row & 7)) & 1) << (k & 7);
    }
    return out;
  }
}

class MixedBooleans implements MixedValues {
  readonly #bits: MixedBits;

  constructor(sources: number) {
    this.#bits = new MixedBits(sources);
  }

  place(source: number, column: Column): boolean {
    if (column.kind !== "boolean") return false;
    this.#bits.place(source, column.bits);
    return true;
  }

  gather(sources: Int32Array, rows: Int32Array, from: number, to: number): Column {
    return { kind: "boolean", bits: this.#bits.gather(sources, rows, from, to) };
  }
}

/** Tuples, or objects of these names. */
class MixedChildren implements MixedValues {
  readonly #names: readonly string[] | undefined;
  readonly #children: readonly MixedColumn[];

  constructor(
    names: readonly string[] | undefined,
    children: readonly Column[],
    sources: number,
    rowsOfBytes: MixedBytes[],
  ) {
    this.#names = names;
    this.#children = children.map((child) => new MixedColumn(child, sources, rowsOfBytes));
  }

  /** The columns of tuples; undefined for objects. */
  get elements(): readonly MixedColumn[] | undefined {
    return this.#names === undefined ? this.#children : undefined;
  }

  place(source: number, column: Column): boolean {
    if (column.kind !== (this.#names === undefined ? "tuple" : "object")) return false;
    const { children } = column as ColumnOf<"tuple" | "object">;
    if (children.length !== this.#children.length) return false;
    if (column.kind === "object" && column.names.some((name, index) => name !== this.#names![index])) return false;
    return this.#children.every((child, index) => child.place(source, children[index]!));
  }

  gather(sources: Int32Array, rows: Int32Array, from: number, to: number): Column {
    const children = this.#children.map((child) => child.gather(sources, rows, from, to));
    if (this.#names === undefined) return { kind: "tuple", children };
    return { kind: "object", names: this.#names, children };
  }
}

class MixedLists implements MixedValues {
  readonly #child: MixedColumn;
  readonly #offsets: Int32Array[];

  constructor(child: Column, sources: number) {
    this.#child = new MixedColumn(child, sources, []);
    this.#offsets = placesOf(sources, noOffsets);
  }

  place(source: number, column: Column): boolean {
    if (column.kind !== "list") return false;
    this.#offsets[source] = column.offsets;
    return this.#child.place(source, column.child);
  }

  gather(sources: Int32Array, rows: Int32Array, from: number, to: number): Column {
    const offsets = new Int32Array(to - from + 1);
    let elements = 0;
    for (let i = from; i < to; i++) {
      const ends = this.#offsets[sources[i]!]!;
      const row = rows[i]!;
      offsets[i - from + 1] = elements += ends[row + 1]! - ends[row]!;
    }
    const elementSources = new Int32Array(elements);
    const elementRows = new Int32Array(elements);
    for (let i = from, k = 0; i < to; i++) {
      const source = sources[i]!;
      const ends = this.#offsets[source]!;
      const row = rows[i]!;
      const end = ends[row + 1]!;
      for (let element = ends[row]!; element < end; element++, k++) {
        elementSources[k] = source;
        elementRows[k] = element;
      }
    }
    const child = this.#child.gather(elementSources, elementRows, 0, elements);
    return { kind: "list", offsets, child };
  }
}
