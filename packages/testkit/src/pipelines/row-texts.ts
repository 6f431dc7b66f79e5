import type { Key, Row } from "./rows.ts";

/** A line of text for a row; what `rowOf` reads. */
export function textOf([key, value]: Row): string {
  const isNoJson = typeof key === "number" && !Number.isFinite(key);
  return JSON.stringify([isNoJson ? { number: String(key) } : key, value]);
}

/** The row of a line that `textOf` made; of -0, 0, which is equal. */
export function rowOf(text: string): Row {
  const [key, value] = JSON.parse(text) as [Key | { readonly number: string }, number];
  return [key !== null && typeof key === "object" && "number" in key ? Number(key.number) : key, value];
}
