import { pieceReader } from "./piece-reader.ts";
import { longestLiteral, parseLayout, type Layout } from "./layout.ts";
import { asciiText, packedReader, textReader } from "./text.ts";

/** JavaScript that reads the rows of batches of one layout. */
export interface RowSource {
  /**
   * Functions that the expressions call, as statements without free names. Once and for all, around the function that has the
   * loop: V8 forgets the compiled code of functions that are made anew as soon as none is there.
   */
  readonly functions: string;
  /**
   * Statements that take the buffers out of `batch`, an expression for a `ColumnBatch` of this layout. Once per batch; text
   * is made into strings here.
   */
  setup(batch: string): string;
  /** An expression for row `index`, which must be a name or a number. Valid where setup's names are. */
  at(index: string): string;
  /**
   * For tuples that are never null: one expression per element, so that a loop that needs only the key does not make the
   * tuple. Undefined for other layouts.
   */
  readonly fields: readonly ((index: string) => string)[] | undefined;
}

/**
 * The source that reads batches of a layout. All names that it declares begin with `prefix`. `bind` gives the name under
 * which the code will find a value of this module. The text is the same for the same layout, prefix and names.
 *
 * Tuples and objects are written as literals, which V8 leaves out where they do not escape; about 3 ns a number and 25 ns
 * a short string.
 */
export function rowSource(
  layout: string,
  prefix: string,
  bind: (value: unknown) => string,
  { sharesBuffers = false }: RowOptions = {},
): RowSource {
  const parsed = parseLayout(layout);
  const writer = new RowWriter(prefix, bind, sharesBuffers);
  const root = writer.column(parsed, `${prefix}batch.column`, `${prefix}batch.length`);
  const setup = writer.setup.join("\n");
  return {
    functions: writer.functions.join("\n"),
    setup: (batch) => `const ${prefix}batch = ${batch};\n${setup}`,
    at: root.at,
    fields: parsed.kind === "tuple" && !parsed.nullable && !parsed.undefinable ? root.children : undefined,
  };
}

/** How rows are read. */
export interface RowOptions {
  /**
   * Rows' typed arrays may have buffers that they share with each other, never with the batch: 100 to 150 ns for ten floats, where
   * a buffer of its own takes 600. For rows that are read once each, in order, by code that asks no array for its buffer.
   */
  readonly sharesBuffers?: boolean;
}

type At = (index: string) => string;

class RowWriter {
  readonly setup: string[] = [];
  readonly functions: string[] = [];
  /** Names that `setup` declares. */
  readonly #declared: string[] = [];
  readonly #prefix: string;
  readonly #bind: (value: unknown) => string;
  readonly #sharesBuffers: boolean;
  readonly #bound = new Map<unknown, string>();
  #columns = 0;

  constructor(prefix: string, bind: (value: unknown) => string, sharesBuffers: boolean) {
    this.#prefix = prefix;
    this.#bind = bind;
    this.#sharesBuffers = sharesBuffers;
  }

  column(layout: Layout, path: string, length: string): { at: At; children: readonly At[] } {
    const name = `${this.#prefix}c${this.#columns++}`;
    this.#declare(name, path);
    const { at, children } = this.#present(layout, name, length);
    if (!layout.nullable && !layout.undefinable) return { at, children };
    let whole = at;
    if (layout.nullable && layout.kind !== "null") {
      this.#declare(`${name}y`, `${name}.validity`);
      whole = (i) => `(${bit(`${name}y`, i)} ? ${at(i)} : null)`;
    }
    if (layout.undefinable) {
      const defined = whole;
      this.#declare(`${name}u`, `${name}.undefinedBits`);
      whole = (i) => `(${bit(`${name}u`, i)} ? undefined : ${defined(i)})`;
    }
    return { at: whole, children };
  }

  #present(layout: Layout, name: string, length: string): { at: At; children: readonly At[] } {
    const leaf = (at: At) => ({ at, children: [] });
    switch (layout.kind) {
      case "null":
        return leaf(() => "null");
      case "int32":
      case "float64":
      case "int64":
        this.#declare(`${name}v`, `${name}.values`);
        return leaf((i) => `${name}v[${i}]`);
      case "boolean":
        this.#declare(`${name}b`, `${name}.bits`);
        return leaf((i) => bit(`${name}b`, i));
      case "timestamp":
        // As two halves: no bigint is made.
        this.#declare(`${name}v`, `new Int32Array(${name}.values.buffer, ${name}.values.byteOffset, ${length} * 2)`);
        return leaf((i) => `new Date(${name}v[${i} * 2 + 1] * 4294967296 + (${name}v[${i} * 2] >>> 0))`);
      case "utf8":
        this.#declare(`${name}o`, `${name}.offsets`);
        if (layout.ascii) {
          this.#declare(`${name}s`, `${this.#name(asciiText)}(${name}.bytes)`);
          return leaf((i) => `${name}s.substring(${name}o[${i}], ${name}o[${i} + 1])`);
        }
        this.#declare(`${name}s`, `${this.#name(textReader)}(${name}.bytes, ${name}o)`);
        return leaf((i) => `${name}s(${i})`);
      case "binary":
        this.#declare(`${name}o`, `${name}.offsets`);
        this.#declare(`${name}x`, `${name}.bytes`);
        return leaf((i) => `new Uint8Array(${name}x.subarray(${name}o[${i}], ${name}o[${i} + 1]))`);
      case "vector":
        this.#declare(`${name}o`, `${name}.offsets`);
        this.#declare(`${name}v`, `${name}.values`);
        if (this.#sharesBuffers) {
          this.functions.push(pieceReader(`${name}p`, layout.of));
          this.#declare(`${name}r`, `${name}p(${name}v, ${name}o)`);
          return leaf((i) => `${name}r(${i})`);
        }
        // A copy with a buffer of its own: what is done to it, or to its buffer, is done to nothing else.
        return leaf((i) => `${name}v.slice(${name}o[${i}], ${name}o[${i} + 1])`);
      case "any":
        this.#declare(`${name}o`, `${name}.offsets`);
        this.#declare(`${name}r`, `${this.#name(packedReader)}(${name}.bytes)`);
        return leaf((i) => `${name}r(${name}o[${i}], ${name}o[${i} + 1])`);
      case "tuple":
      case "object": {
        const children = layout.children.map((child, i) => this.column(child, `${name}.children[${i}]`, length).at);
        if (layout.kind === "tuple") return { at: (i) => `[${children.map((at) => at(i)).join(", ")}]`, children };
        const at: At = (i) =>
          `({ ${children.map((child, k) => `${propertyName(layout.names[k]!)}: ${child(i)}`).join(", ")} })`;
        return { at, children };
      }
      case "list": {
        this.#declare(`${name}o`, `${name}.offsets`);
        const before = this.#declared.length;
        const { at } = this.column(layout.child, `${name}.child`, `${name}o[${length}]`);
        const { length: fixed } = layout;
        if (fixed !== undefined) {
          // A literal right where it is used: what is done with it is compiled for arrays of this kind and length.
          this.#declare(`${name}f`, `${name}o[0]`);
          return leaf((i) => `[${items(at, fixed, `${name}f + ${i} * ${fixed}`)}]`);
        }
        // A function of this very code, so that the arrays that it makes are typed by this layout alone. Arrays that begin empty
        // or as a literal stay what V8 calls packed; a literal of ten numbers takes 20 ns where a loop takes 60.
        const literals = isNumber(layout.child) ? shortLists(at) : "";
        const element = at("i");
        const used = this.#declared.slice(before).filter((each) => new RegExp(`\\b${each}\\b`).test(element));
        this.functions.push(`const ${name}l = (${[...used, "from", "to"].join(", ")}) => {
${literals}const list = [];
  for (let i = from; i < to; i++) list.push(${element});
  return list;
};`);
        const given = used.map((each) => `${each}, `).join("");
        return leaf((i) => `${name}l(${given}${name}o[${i}], ${name}o[${i} + 1])`);
      }
    }
  }

  #declare(name: string, expression: string): void {
    this.#declared.push(name);
    this.setup.push(`const ${name} = ${expression};`);
  }

  #name(value: unknown): string {
    let name = this.#bound.get(value);
    if (name === undefined) this.#bound.set(value, (name = this.#bind(value)));
    return name;
  }
}

function isNumber({ kind, nullable, undefinable }: Layout): boolean {
  return (kind === "float64" || kind === "int32") && !nullable && !undefinable;
}

/** Statements that return the list from `from` to `to` where it is short. */
function shortLists(at: At): string {
  const cases = Array.from({ length: longestLiteral + 1 }, (_, length) => {
    return `case ${length}: return [${items(at, length, "from")}];`;
  });
  return `switch (to - from) {\n${cases.join("\n")}\n}\n`;
}

/** The elements of a list, with commas. */
function items(at: At, length: number, from: string): string {
  return Array.from({ length }, (_, index) => at(`${from} + ${index}`)).join(", ");
}

/** An expression that is true where the bit is set. */
function bit(bits: string, index: string): string {
  return `((${bits}[${index} >> 3] >> (${index} & 7)) & 1) === 1`;
}

/** `__proto__` in brackets is a property, without them the prototype. */
function propertyName(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : JSON.stringify(name);
}
