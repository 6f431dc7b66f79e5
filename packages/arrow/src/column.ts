import type { Vector, VectorClass } from "./vector-classes.ts";

/**
 * Arrow buffers of one column, read in place. Lengths are in the batch; bitmaps are Arrow's, least significant bit first.
 *
 * Row `i` is `undefined` where `undefinedBits` has a one, else `null` where `validity` has a zero; an undefined row's
 * validity is zero too. Every row of a column of kind `null` is null unless it is undefined.
 *
 * Columns are canonical: value buffers hold exactly as many values as there are rows, offsets start at 0, and `bytes`
 * (or a list's child, or a vector's values) end where the last offset says.
 */
export type Column = { readonly validity?: Uint8Array | undefined; readonly undefinedBits?: Uint8Array | undefined } & (
  | { readonly kind: "null" }
  | { readonly kind: "int32"; readonly values: Int32Array }
  | { readonly kind: "float64"; readonly values: Float64Array }
  | { readonly kind: "int64"; readonly values: BigInt64Array }
  | { readonly kind: "boolean"; readonly bits: Uint8Array }
  /** Milliseconds since 1970, UTC. */
  | { readonly kind: "timestamp"; readonly values: BigInt64Array }
  /** `ascii`: every byte is below 128, so that byte offsets are character offsets. */
  | { readonly kind: "utf8"; readonly offsets: Int32Array; readonly bytes: Uint8Array; readonly ascii: boolean }
  | { readonly kind: "binary"; readonly offsets: Int32Array; readonly bytes: Uint8Array }
  /** Typed arrays of one class; offsets count elements. */
  | { readonly kind: "vector"; readonly of: VectorClass; readonly offsets: Int32Array; readonly values: Vector }
  | { readonly kind: "tuple"; readonly children: readonly Column[] }
  | { readonly kind: "object"; readonly names: readonly string[]; readonly children: readonly Column[] }
  | { readonly kind: "list"; readonly offsets: Int32Array; readonly child: Column }
  /** MessagePack values, see `encodeValue`. Never with `validity` or `undefinedBits`: null and undefined are values. */
  | { readonly kind: "any"; readonly offsets: Int32Array; readonly bytes: Uint8Array }
);

/** A batch of values as one column (a tuple column for rows that are tuples). */
export interface ColumnBatch {
  readonly length: number;
  readonly column: Column;
}

/** The narrower type of a column of the kinds given. */
export type ColumnOf<K extends Column["kind"]> = Extract<Column, { readonly kind: K }>;
