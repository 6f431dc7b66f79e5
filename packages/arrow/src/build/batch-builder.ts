import { GloamError } from "@gloam/common";
import { valueAt } from "../read/value-at.ts";
import type { ColumnBatch } from "../column.ts";
import { anyShape, differOnlyInNumbers, emptyShape, joinShapes, shapeKey, shapeOf, type Shape } from "../shape.ts";
import { assertTravels } from "../value/encode-value.ts";
import { BuilderCode, type Appender } from "./appender.ts";
import { assemble } from "./assemble.ts";
import { TextsAppender, type TextRows } from "./append-texts.ts";

/** Builds batches of columns from values, finding the columns' types on the way. See `createBatchBuilder`. */
export interface BatchBuilder {
  /**
   * Appends a value. False when it does not fit and the rows so far are too many to be built anew with wider types, or
   * when the batch is full (2^24 rows, 2 GiB of one column): take `finish()`, or `view()` and `clear()`, and append
   * again, which then succeeds. Raises GLOAM_VALUE_NOT_SERIALIZABLE; the builder stays as it was.
   */
  append(value: unknown): boolean;
  /** `append([key, value])` without the tuple. */
  appendPair(key: unknown, value: unknown): boolean;
  /**
   * The function that appends values of the present types: no step between a generated loop and the buffers, so that
   * V8 inlines it. Once it gives false it may be outdated: go on with `append`, then take a new one.
   */
  appender(): (value: unknown) => boolean;
  /** Likewise for `appendPair`. */
  pairAppender(): (key: unknown, value: unknown) => boolean;
  /**
   * Appends the rows `from .. to`, tuples of texts, without a string. False, and nothing done, unless the values so far are tuples
   * of as many texts and there is room.
   */
  appendTexts(rows: TextRows, from: number, to: number): boolean;
  /** Rows so far. */
  readonly length: number;
  /** Bytes of the buffers in use. A few nanoseconds. */
  readonly byteLength: number;
  /** The batch so far, with its buffers; the builder starts anew with the same types. */
  finish(): ColumnBatch;
  /** The batch so far, over the builder's own buffers: valid until the next append or `clear`. */
  view(): ColumnBatch;
  /** Forgets the rows; buffers and types stay. */
  clear(): void;
}

/** Up to as many rows are built anew when a value needs wider types; with more, the value starts another batch. */
const mostRebuilt = 4096;

const sharedCode = new BuilderCode();

/**
 * A builder of batches. Columns are typed by the values: number (int32 where all are, without -0, else float64), bigint,
 * string, boolean, Date, Uint8Array; arrays of two or of mixed kinds (up to 32) as tuples, other arrays as lists; plain
 * objects with the same keys in the same order. null and undefined are bits beside any of them. What fits nothing else,
 * or kinds that alternate, is `any`: MessagePack. Types only widen, so that a builder settles whatever the order of the
 * values.
 *
 * Appending costs about 3 ns a number and 10 ns and 1 ns a character for a string where the caller's loop calls
 * `appender()`'s function. `code` (default: one for all) isolates V8's type feedback and carries
 * types from one builder to the next.
 *
 * @example
 * const builder = createBatchBuilder();
 * builder.appendPair("a", 1);
 * builder.append(["b", 2]);
 * rowsOf(builder.finish()); // [["a", 1], ["b", 2]]
 */
export function createBatchBuilder(options: { readonly code?: BuilderCode } = {}): BatchBuilder {
  return new ShapedBuilder(options.code ?? sharedCode);
}

class ShapedBuilder implements BatchBuilder {
  readonly #code: BuilderCode;
  #shape: Shape;
  #appender: Appender;
  /** Sizes of the last batch's buffers. */
  #hints: number[] = [];
  /** The wider shape of a value that was refused, for the next batch. */
  #next: Shape | undefined;
  /** How many texts each row is, where all are tuples of that; 0 elsewhere. */
  #texts: number;
  readonly #textsAppender = new TextsAppender();

  constructor(code: BuilderCode) {
    this.#code = code;
    // Builders that share nothing but the default know nothing of each other's data.
    this.#shape = code === sharedCode ? emptyShape : code.shape;
    this.#appender = code.appender(this.#shape, this.#hints);
    this.#texts = textsOf(this.#shape);
  }

  append(value: unknown): boolean {
    return this.#appender.append(value) || this.#widen(value);
  }

  appendPair(key: unknown, value: unknown): boolean {
    return this.#appender.appendPair(key, value) || this.#widen([key, value]);
  }

  appendTexts(rows: TextRows, from: number, to: number): boolean {
    if (rows.columns.length !== this.#texts) return false;
    return this.#textsAppender.append(this.#appender, rows, from, to);
  }

  appender(): (value: unknown) => boolean {
    return this.#appender.append;
  }

  pairAppender(): (key: unknown, value: unknown) => boolean {
    return this.#appender.appendPair;
  }

  get length(): number {
    return this.#appender.length();
  }

  get byteLength(): number {
    return this.#appender.byteLength();
  }

  finish(): ColumnBatch {
    const batch = this.#batch(true);
    this.#appender.release();
    this.#startNext();
    return batch;
  }

  view(): ColumnBatch {
    return this.#batch(false);
  }

  #batch(handOver: boolean): ColumnBatch {
    const length = this.#appender.length();
    return { length, column: assemble(this.#shape, this.#appender.state(), length, handOver) };
  }

  clear(): void {
    this.#appender.clear();
    this.#startNext();
  }

  #startNext(): void {
    if (this.#next !== undefined) this.#reshape(this.#next);
    this.#next = undefined;
  }

  #reshape(shape: Shape): void {
    this.#shape = shape;
    if (this.#code !== sharedCode) this.#code.learn(shape);
    this.#hints = [];
    this.#appender = this.#code.appender(shape, this.#hints);
    this.#texts = textsOf(shape);
  }

  /** After the present appender has refused a value: another appender, now or for the next batch. */
  #widen(value: unknown): boolean {
    const length = this.#appender.length();
    let shape = joinShapes(this.#shape, shapeOf(value));
    if (shapeKey(shape) === shapeKey(this.#shape)) {
      assertTravels(value);
      // The batch is full.
      if (length > 0) return false;
      // Too large for its own columns; as one record it may fit.
      if (this.#shape.kind === "any")
        throw new GloamError("GLOAM_VALUE_NOT_SERIALIZABLE", "an element is larger than 2 GiB");
      shape = anyShape;
    }
    if (length > mostRebuilt && !differOnlyInNumbers(this.#shape, shape)) {
      this.#next = this.#next === undefined ? shape : joinShapes(this.#next, shape);
      return false;
    }
    const previous = { shape: this.#shape, appender: this.#appender, hints: this.#hints };
    try {
      this.#rebuild(shape);
      return this.#appender.append(value) || this.#widen(value);
    } catch (error) {
      // The value cannot travel.
      this.#shape = previous.shape;
      this.#texts = textsOf(previous.shape);
      this.#appender = previous.appender;
      this.#hints = previous.hints;
      throw error;
    }
  }

  /** The rows so far with wider types. */
  #rebuild(shape: Shape): void {
    const rows = this.view();
    const state = this.#appender.state();
    const inPlace = differOnlyInNumbers(this.#shape, shape);
    this.#reshape(shape);
    if (inPlace) return this.#appender.adopt(state);
    for (let i = 0; i < rows.length; i++)
      if (!this.#appender.append(valueAt(rows, i)))
        throw new GloamError("GLOAM_INTERNAL", "a wider type refused a row");
  }
}

/** How many texts a tuple of nothing else has; 0 for everything else. */
function textsOf(shape: Shape): number {
  if (shape.kind !== "tuple" || shape.nullable || shape.undefinable) return 0;
  const plain = shape.children.every(({ kind, nullable, undefinable }) => kind === "utf8" && !nullable && !undefinable);
  return plain ? shape.children.length : 0;
}
