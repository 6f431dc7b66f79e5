import type { Column, ColumnBatch, ColumnOf } from "../column.ts";
import type { VectorClass } from "../vector-classes.ts";

/** What a loop has to know of a batch before it is compiled. */
export type Layout = { readonly nullable: boolean; readonly undefinable: boolean } & (
  | { readonly kind: "null" | "int32" | "float64" | "int64" | "boolean" | "timestamp" | "binary" | "any" }
  | { readonly kind: "utf8"; readonly ascii: boolean }
  | { readonly kind: "vector"; readonly of: VectorClass }
  | { readonly kind: "tuple"; readonly children: readonly Layout[] }
  | { readonly kind: "object"; readonly names: readonly string[]; readonly children: readonly Layout[] }
  | {
      readonly kind: "list";
      readonly child: Layout;
      /** Elements that every list has, where that is known of lists of numbers. */
      readonly length: number | undefined;
    }
);

/** Lists of numbers up to this length are read as literals. */
export const longestLiteral = 16;
/** Fewer lists are not worth code for their very length. */
const fewestLists = 256;

/**
 * A signature of the batch's columns: kinds, names, whether null and undefined occur, whether text is ASCII, how long the lists of
 * numbers are where there are many and all of one length. Batches of equal layout can be read by the same code, see
 * `rowSource`. Below a microsecond, and 1 ns a list.
 */
export function layoutOf(batch: ColumnBatch): string {
  return write(batch.column, batch.length);
}

/** Like `layoutOf`, without what differs from batch to batch of the same types: whether text is ASCII, and lengths. */
export function typesOf(batch: ColumnBatch): string {
  return write(batch.column, undefined);
}

/** @param rows Number of rows; undefined for types alone. */
function write(column: Column, rows: number | undefined): string {
  const flags =
    column.validity === undefined
      ? column.undefinedBits === undefined
        ? ""
        : "!"
      : column.undefinedBits === undefined
        ? "?"
        : "?!";
  switch (column.kind) {
    case "utf8":
      return (rows !== undefined && column.ascii ? "ascii" : "utf8") + flags;
    case "tuple": {
      let text = "(";
      for (const child of column.children) text += `${write(child, rows)},`;
      return `${text})${flags}`;
    }
    case "object": {
      let text = "{";
      column.children.forEach((child, i) => (text += `${JSON.stringify(column.names[i])}:${write(child, rows)},`));
      return `${text}}${flags}`;
    }
    case "list":
      if (rows === undefined) return `[${write(column.child, rows)}]${flags}`;
      return `[${write(column.child, column.offsets[rows])}${flags === "" ? commonLength(column, rows) : ""}]${flags}`;
    case "vector":
      return `<${column.of}>${flags}`;
    default:
      return column.kind + flags;
  }
}

/** `#10` where the lists are ten numbers each. */
function commonLength({ child, offsets }: ColumnOf<"list">, rows: number): string {
  if (rows < fewestLists || (child.kind !== "float64" && child.kind !== "int32")) return "";
  if (child.validity !== undefined || child.undefinedBits !== undefined) return "";
  const length = offsets[1]! - offsets[0]!;
  if (length === 0 || length > longestLiteral) return "";
  return areEquallyLong(offsets, rows, length) ? `#${length}` : "";
}

/** A function of its own: V8 compiled the loop without what is done behind it, and had to give that up at the end of each batch. */
function areEquallyLong(offsets: Int32Array, rows: number, length: number): boolean {
  for (let at = 1; at < rows; at++) if (offsets[at + 1]! - offsets[at]! !== length) return false;
  return true;
}

/** Takes a signature apart again. */
export function parseLayout(text: string): Layout {
  let at = 0;

  function children(close: string, each: () => void): void {
    at++;
    while (text[at] !== close) {
      each();
      at++; // the comma
    }
    at++;
  }

  function flags(): { nullable: boolean; undefinable: boolean } {
    const nullable = text[at] === "?";
    if (nullable) at++;
    const undefinable = text[at] === "!";
    if (undefinable) at++;
    return { nullable, undefinable };
  }

  function layout(): Layout {
    if (text[at] === "(") {
      const parts: Layout[] = [];
      children(")", () => parts.push(layout()));
      return { kind: "tuple", children: parts, ...flags() };
    }
    if (text[at] === "{") {
      const names: string[] = [];
      const parts: Layout[] = [];
      children("}", () => {
        const name = /"(?:[^"\\]|\\.)*"/y;
        name.lastIndex = at;
        const quoted = name.exec(text)![0];
        names.push(JSON.parse(quoted) as string);
        at += quoted.length + 1;
        parts.push(layout());
      });
      return { kind: "object", names, children: parts, ...flags() };
    }
    if (text[at] === "[") {
      at++;
      const child = layout();
      const end = text.indexOf("]", at);
      const length = text[at] === "#" ? Number(text.slice(at + 1, end)) : undefined;
      at = end + 1;
      return { kind: "list", child, length, ...flags() };
    }
    if (text[at] === "<") {
      const end = text.indexOf(">", at);
      const of = text.slice(at + 1, end) as VectorClass;
      at = end + 1;
      return { kind: "vector", of, ...flags() };
    }
    const word = /[a-z0-9]+/y;
    word.lastIndex = at;
    const kind = word.exec(text)![0];
    at += kind.length;
    if (kind === "ascii" || kind === "utf8") return { kind: "utf8", ascii: kind === "ascii", ...flags() };
    return { kind: kind as "null", ...flags() };
  }

  return layout();
}
