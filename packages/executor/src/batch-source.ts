import { layoutOf, rowSource } from "@gloam/arrow";
import { TextSpan } from "@gloam/common";
import type { Batch, TextBatch } from "@gloam/plan";

/** How a generated loop reads the elements of batches of one layout. */
export interface BatchSource {
  /** Statements around the function that has the loop. */
  readonly functions: string;
  /** Statements before the loop; `batch` is the batch. */
  readonly setup: string;
  /** Expression for the element at `i`. */
  readonly at: string;
  /** Values that the generated code knows as `h0`, `h1`, ... */
  readonly helpers: readonly unknown[];
  /** Whether `setup` goes through the batch's text, so that a batch is better not read in pieces. */
  readonly decodes: boolean;
}

const rows: BatchSource = {
  functions: "",
  setup: "const rows = batch.rows;",
  at: "rows[i]",
  helpers: [],
  decodes: false,
};

/** One span is every element in turn. */
const texts: BatchSource = {
  functions: "",
  setup: "const texts = batch.texts;",
  at: "(texts.show(i, h0), h0)",
  helpers: [new TextSpan()],
  decodes: false,
};

/** Batches with the same key can be read by the same code. */
export function layoutKey(batch: Batch | TextBatch): string {
  if ("texts" in batch) return "texts";
  return batch.columns === undefined ? "rows" : layoutOf(batch.columns);
}

/** The code that reads batches with this key; `sharesBuffers` as in `RowOptions`. */
export function batchSource(key: string, sharesBuffers: boolean): BatchSource {
  if (key === "rows") return rows;
  if (key === "texts") return texts;
  const helpers: unknown[] = [];
  const bind = (value: unknown): string => {
    const known = helpers.indexOf(value);
    return `h${known < 0 ? helpers.push(value) - 1 : known}`;
  };
  const source = rowSource(key, "q", bind, { sharesBuffers });
  const { functions } = source;
  return { functions, setup: source.setup("batch.columns"), at: source.at("i"), helpers, decodes: helpers.length > 0 };
}
