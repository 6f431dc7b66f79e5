import type { Column, ColumnBatch } from "../column.ts";

/** What a loop has to know of a batch before it is compiled. */
export type Layout = { readonly nullable: boolean; readonly undefinable: boolean } & (
  | { readonly kind: "null" | "int32" | "float64" | "int64" | "boolean" | "timestamp" | "binary" | "any" }
  | { readonly kind: "utf8"; readonly ascii: boolean }
  | { readonly kind: "tuple"; readonly children: readonly Layout[] }
  | { readonly kind: "object"; readonly names: readonly string[]; readonly children: readonly Layout[] }
  | { readonly kind: "list"; readonly child: Layout }
);

/**
 * A signature of the batch's columns: kinds, names, whether null and undefined occur, whether text is ASCII. Batches of
 * equal layout can be read by the same code, see `rowSource`. Below a microsecond.
 */
export function layoutOf(batch: ColumnBatch): string {
  return write(batch.column, true);
}

/** Like `layoutOf`, without what differs from batch to batch of the same types: whether text is ASCII. */
export function typesOf(batch: ColumnBatch): string {
  return write(batch.column, false);
}

function write(column: Column, characters: boolean): string {
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
      return (characters && column.ascii ? "ascii" : "utf8") + flags;
    case "tuple": {
      let text = "(";
      for (const child of column.children) text += `${write(child, characters)},`;
      return `${text})${flags}`;
    }
    case "object": {
      let text = "{";
      column.children.forEach(
        (child, i) => (text += `${JSON.stringify(column.names[i])}:${write(child, characters)},`),
      );
      return `${text}}${flags}`;
    }
    case "list":
      return `[${write(column.child, characters)}]${flags}`;
    default:
      return column.kind + flags;
  }
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
      at++;
      return { kind: "list", child, ...flags() };
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
