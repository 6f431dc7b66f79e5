import { GloamError } from "@gloam/common";
import { hasBit } from "../bitmap.ts";
import { createBatchBuilder } from "../build/batch-builder.ts";
import type { Column, ColumnBatch, ColumnOf } from "../column.ts";
import { typesOf } from "../read/layout.ts";
import { valueAt } from "../read/value-at.ts";
import { vectorClasses } from "../vector-classes.ts";

/**
 * The rows of all batches in one, copied. Fast where the types are the same; batches of different types are appended row
 * by row to a builder. Raises GLOAM_ARGUMENT_INVALID when they don't fit into one batch (2^24 rows, 2 GiB of one column).
 */
export function concatBatches(batches: readonly ColumnBatch[]): ColumnBatch {
  const [first, ...others] = batches;
  if (first !== undefined && others.length === 0) return first;
  const filled = batches.filter((batch) => batch.length > 0);
  const types = filled[0] === undefined ? "" : typesOf(filled[0]);
  if (filled.length === 0 || filled.some((batch) => typesOf(batch) !== types)) return concatRows(filled);
  const parts = filled.map((batch): Part => ({ column: batch.column, length: batch.length }));
  return { length: parts.reduce((sum, part) => sum + part.length, 0), column: concatColumns(parts) };
}

function concatRows(batches: readonly ColumnBatch[]): ColumnBatch {
  const builder = createBatchBuilder();
  for (const batch of batches)
    for (let i = 0; i < batch.length; i++) {
      if (builder.append(valueAt(batch, i))) continue;
      // A wider type came late: the rows so far are appended anew.
      const rows = builder.finish();
      const again = builder.append(valueAt(batch, i));
      builder.clear();
      for (let k = 0; k < rows.length; k++) if (!again || !builder.append(valueAt(rows, k))) throw tooLong();
      if (!builder.append(valueAt(batch, i))) throw tooLong();
    }
  return builder.finish();
}

function tooLong(): GloamError {
  return new GloamError("GLOAM_ARGUMENT_INVALID", "the batches do not fit into one");
}

interface Part {
  readonly column: Column;
  readonly length: number;
}

/** Columns of the same types. */
function concatColumns(parts: readonly Part[]): Column {
  const first = parts[0]!.column;
  const absence = {
    validity: concatBits(parts, (column) => column.validity),
    undefinedBits: concatBits(parts, (column) => column.undefinedBits),
  };
  const of = <K extends Column["kind"]>(_kind: K) => parts.map((part) => part.column as ColumnOf<K>);
  switch (first.kind) {
    case "null":
      return { ...absence, kind: "null" };
    case "int32": {
      const values = of("int32").map((column) => column.values);
      return { ...absence, kind: "int32", values: concatInto(new Int32Array(total(values)), values) };
    }
    case "float64": {
      const values = of("float64").map((column) => column.values);
      return { ...absence, kind: "float64", values: concatInto(new Float64Array(total(values)), values) };
    }
    case "int64":
    case "timestamp": {
      const values = of("int64").map((column) => column.values);
      return { ...absence, kind: first.kind, values: concatInto(new BigInt64Array(total(values)), values) };
    }
    case "boolean":
      return {
        ...absence,
        kind: "boolean",
        bits: concatBits(parts, (column) => (column as ColumnOf<"boolean">).bits)!,
      };
    case "utf8":
      return {
        ...absence,
        kind: "utf8",
        ...concatBytes(of("utf8")),
        ascii: of("utf8").every((column) => column.ascii),
      };
    case "binary":
    case "any":
      return { ...absence, kind: first.kind, ...concatBytes(of("binary")) };
    case "vector": {
      const vectors = of("vector");
      // Whatever their class: all are of one.
      const values = vectors.map((column) => column.values as Float64Array);
      const length = total(values);
      if (length * first.values.BYTES_PER_ELEMENT > 0x7fff_ffff) throw tooLong();
      const target = new vectorClasses[first.of](length) as Float64Array;
      const offsets = concatOffsets(vectors);
      return { ...absence, kind: "vector", of: first.of, offsets, values: concatInto(target, values) };
    }
    case "tuple":
    case "object": {
      const children = first.children.map((_, i) =>
        concatColumns(
          parts.map(({ column, length }) => ({ column: (column as ColumnOf<"tuple">).children[i]!, length })),
        ),
      );
      if (first.kind === "tuple") return { ...absence, kind: "tuple", children };
      return { ...absence, kind: "object", names: first.names, children };
    }
    case "list": {
      const lists = of("list");
      const children = lists.map((column) => ({ column: column.child, length: column.offsets.at(-1)! }));
      return { ...absence, kind: "list", offsets: concatOffsets(lists), child: concatColumns(children) };
    }
  }
}

function total(parts: readonly { readonly length: number }[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function concatInto<A extends { set(values: A, offset: number): void; readonly length: number }>(
  target: A,
  parts: readonly A[],
): A {
  let position = 0;
  for (const part of parts) {
    target.set(part, position);
    position += part.length;
  }
  return target;
}

function concatBytes(columns: readonly { readonly offsets: Int32Array; readonly bytes: Uint8Array }[]): {
  offsets: Int32Array;
  bytes: Uint8Array;
} {
  const bytes = columns.map((column) => column.bytes);
  const length = total(bytes);
  if (length > 0x7fff_ffff) throw tooLong();
  return { offsets: concatOffsets(columns), bytes: concatInto(new Uint8Array(length), bytes) };
}

function concatOffsets(columns: readonly { readonly offsets: Int32Array }[]): Int32Array {
  const out = new Int32Array(columns.reduce((sum, { offsets }) => sum + offsets.length - 1, 1));
  let row = 0;
  let base = 0;
  for (const { offsets } of columns) {
    for (let i = 1; i < offsets.length; i++) out[++row] = base + offsets[i]!;
    base += offsets.at(-1)!;
  }
  return out;
}

function concatBits(
  parts: readonly Part[],
  bitsOf: (column: Column) => Uint8Array | undefined,
): Uint8Array | undefined {
  if (bitsOf(parts[0]!.column) === undefined) return undefined;
  const out = new Uint8Array((total(parts) + 7) >> 3);
  let row = 0;
  for (const { column, length } of parts) {
    const bits = bitsOf(column)!;
    if ((row & 7) === 0) {
      out.set(bits.subarray(0, (length + 7) >> 3), row >> 3);
      row += length;
      // Bits beyond the part's last row are not the next part's.
      if ((row & 7) !== 0) out[row >> 3]! &= (1 << (row & 7)) - 1;
    } else for (let i = 0; i < length; i++, row++) if (hasBit(bits, i)) out[row >> 3]! |= 1 << (row & 7);
  }
  return out;
}
