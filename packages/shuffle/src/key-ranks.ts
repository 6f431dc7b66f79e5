import type { Column, ColumnBatch } from "@gloam/arrow";
import { rankTexts, type Text } from "./text-order.ts";

/** What ranks are of: those of different kinds say nothing of each other, and those of kind none nothing at all. */
export type RankKind = "number" | "text" | "none";

/** A column of plain numbers. */
export type Numbers = Float64Array | Int32Array;

/** The key column of a batch of pairs; undefined where the pairs are not two columns. */
export function keyColumn({ column }: ColumnBatch): Column | undefined {
  if (column.kind !== "tuple" || isGappy(column)) return undefined;
  return column.children[0];
}

/** The column as plain text, if it is. */
export function textOf(column: Column | undefined): Text | undefined {
  return column?.kind === "utf8" && !isGappy(column) ? column : undefined;
}

/** The column as plain numbers, if it is. */
export function numbersOf(column: Column | undefined): Numbers | undefined {
  if (column?.kind !== "float64" && column?.kind !== "int32") return undefined;
  return isGappy(column) ? undefined : column.values;
}

function isGappy(column: Column): boolean {
  return column.validity !== undefined || column.undefinedBits !== undefined;
}

/**
 * Sets a rank for each key, a number that orders keys as they are ordered themselves except that different keys may have the
 * same one. `exact` where equal ranks mean equal keys.
 */
export function rankKeys(
  keys: Column | undefined,
  ranks: Float64Array,
  length: number,
  ascending: boolean,
): { readonly kind: RankKind; readonly exact: boolean } {
  const numbers = numbersOf(keys);
  if (numbers !== undefined) return { kind: "number", exact: rankNumbers(numbers, ranks, length, ascending) };
  const text = textOf(keys);
  if (text === undefined) return { kind: "none", exact: false };
  rankTexts(text, ranks, length, ascending);
  return { kind: "text", exact: false };
}

/** A number is its own rank; NaN shares that of Infinity. Whether equal ranks mean equal keys. */
function rankNumbers(keys: Numbers, ranks: Float64Array, length: number, ascending: boolean): boolean {
  let exact = true;
  for (let row = 0; row < length; row++) {
    let rank = keys[row]!;
    if (rank !== rank) rank = Infinity;
    if (rank === Infinity || rank === -Infinity) exact = false;
    ranks[row] = ascending ? rank : -rank;
  }
  return exact;
}
