import type { Column, ColumnBatch, ColumnOf } from "@gloam/arrow";
import type { Batch, KernelContext } from "@gloam/plan";
import { Aggregation, type AggregationMemory } from "./aggregation.ts";
import { bucketCount, combinersOf, deepestLevel, keysOf, type Bucket } from "./bucket.ts";
import { combinerLoading, type CombineCode } from "./combine-code.ts";
import { gatherKeys, gatherNumbers, gatherPairs, keyAt } from "./gather-pairs.ts";
import { orderByHash } from "./hash-order.ts";
import { groupTooLarge } from "./out-of-memory.ts";
import { PairBlock } from "./pair-block.ts";
import { PairScatter } from "./pair-scatter.ts";
import { isPlain, PairBatch } from "./pair-source.ts";
import { SpilledBatches } from "./spilled-batches.ts";

type NumberColumn = ColumnOf<"int32"> | ColumnOf<"float64">;

const waitingRows = 16 * 1024;
/** Rows in an output batch. */
const batchRows = 4096;
/** Pairs of given-up buckets that are collected before they are written. */
const spillRows = 8 * 1024;
const stateRows = 16 * 1024;

/**
 * An aggregation that finishes whatever the memory. Where memory is refused, a bucket's combiners are written to scratch, and
 * its later pairs after them as they are; at the end the bucket is read back, in the same order, into an aggregation over
 * the next bits of the hash. A key's sequence of combinations is thus always the same, and since everything is given
 * in the order of hashes, so is the result.
 */
export class SpillingAggregation {
  readonly #context: KernelContext;
  readonly #code: CombineCode;
  readonly #level: number;
  readonly #parent: SpillingAggregation | undefined;
  readonly #aggregation: Aggregation;
  /** For each bucket its combiners, and under `bucketCount` more the pairs that came later. */
  #spilled: SpilledBatches | undefined;
  #scatter: PairScatter | undefined;
  #child: SpillingAggregation | undefined;

  constructor(context: KernelContext, code: CombineCode, level = 0, parent?: SpillingAggregation) {
    this.#context = context;
    this.#code = code;
    this.#level = level;
    this.#parent = parent;
    const memory: AggregationMemory = {
      acquire: (bytes) => context.memory.acquire(bytes),
      release: (bytes) => context.memory.release(bytes),
      heapBudget: context.memory.heapBudget / 2,
      relieve: () => this.#relieve(),
      spill: (bucket, key, value) => this.#spill(bucket, key, value),
    };
    this.#aggregation = new Aggregation(memory, level, waitingRows);
  }

  /** Combines a block's pairs. */
  add(block: PairBlock): void {
    this.#aggregation.add(block, this.#code);
  }

  /** Whether a batch is better taken as a whole: pairs of numbers that will wait for their bucket's turn. */
  wantsWhole({ column }: ColumnBatch): boolean {
    return this.#aggregation.takesColumns && numberPairs(column) !== undefined;
  }

  /** Combines a batch's pairs. */
  addWhole(batch: ColumnBatch): void {
    const pairs = this.#aggregation.takesColumns ? numberPairs(batch.column) : undefined;
    if (pairs === undefined) {
      this.#addBatch(this.#aggregation, batch, new PairBlock(), this.#code);
      return;
    }
    const [key, value] = pairs;
    this.#aggregation.addColumns(key.values, value.values, this.#code);
  }

  #addBatch(aggregation: Aggregation, columns: ColumnBatch, block: PairBlock, code: CombineCode): void {
    const batch = new PairBatch({ length: columns.length, columns });
    while (batch.at < batch.length) {
      batch.fillBlock(block);
      aggregation.add(block, code);
      block.clear();
    }
  }

  /** `[key, combiner]` of every key, by hash. Takes everything out on the way. */
  *batches(): Generator<Batch> {
    const aggregation = this.#aggregation;
    aggregation.settle(this.#code);
    this.#scatter?.flush();
    this.#scatter = undefined;
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      if (aggregation.isGivenUp(bucket)) {
        yield* this.#again(bucket);
        continue;
      }
      const held = aggregation.take(bucket);
      if (held === undefined) continue;
      try {
        yield* this.#emit(held);
      } finally {
        aggregation.free(held);
      }
    }
    this.#spilled?.delete();
    this.#spilled = undefined;
  }

  close(): void {
    this.#child?.close();
    this.#aggregation.close();
    this.#spilled?.delete();
    this.#spilled = undefined;
  }

  *#emit(bucket: Bucket): Generator<Batch> {
    const { index } = bucket;
    const order = orderByHash(index.hashes(), index.count);
    const keys = keysOf(bucket);
    const combiners = combinersOf(bucket);
    for (let from = 0; from < index.count; from += batchRows) {
      this.#context.checkCancelled();
      const to = Math.min(index.count, from + batchRows);
      const length = to - from;
      if (combiners instanceof Float64Array) {
        const key =
          keys.kind === "number"
            ? ({ kind: "float64", values: gatherNumbers(keys.keys, order, from, to) } as const)
            : gatherKeys(keys, order, from, to);
        if (key !== undefined) {
          const value = { kind: "float64", values: gatherNumbers(combiners, order, from, to) } as const;
          yield { length, columns: { length, column: { kind: "tuple", children: [key, value] } } };
          continue;
        }
      }
      const rows = new Array<unknown>(length);
      for (let at = 0; at < length; at++) {
        const id = order[from + at]!;
        rows[at] = [keyAt(keys, id), combiners[id]];
      }
      yield { length, rows };
    }
  }

  /** Reads a bucket that was given up into an aggregation of the next level. */
  *#again(bucket: number): Generator<Batch> {
    const child = new SpillingAggregation(this.#context, this.#code, this.#level + 1, this);
    this.#child = child;
    const block = new PairBlock();
    const read = (list: number, code: CombineCode): void => {
      for (const columns of this.#spilled!.read(list)) {
        this.#context.checkCancelled();
        this.#addBatch(child.#aggregation, columns, block, code);
      }
    };
    const loading = combinerLoading(this.#context);
    read(bucket, loading);
    // Combiners that wait are not to be taken for values.
    child.#aggregation.settle(loading);
    read(bucketCount + bucket, this.#code);
    yield* child.batches();
    child.close();
    this.#child = undefined;
  }

  /** Gives up the bucket that holds most, of the outermost level that still has any. */
  #relieve(): void {
    if (this.#parent?.giveUpLargest() === true) return;
    if (!this.giveUpLargest()) throw groupTooLarge("the combined values");
  }

  /** False when nothing is left to give up. */
  giveUpLargest(): boolean {
    if (this.#parent?.giveUpLargest() === true) return true;
    const aggregation = this.#aggregation;
    const bucket = aggregation.largest();
    if (bucket === undefined) return false;
    // The combiner of one key: reading it back would not make it smaller.
    const single = aggregation.entries === 1 && aggregation.heap > this.#context.memory.heapBudget / 2;
    if (this.#level === deepestLevel || single) throw groupTooLarge("the combined values");
    const held = aggregation.take(bucket)!;
    aggregation.giveUp(bucket);
    this.#write(bucket, held);
    aggregation.free(held);
    return true;
  }

  #write(bucket: number, held: Bucket): void {
    const { count } = held.index;
    const spilled = this.#spilledBatches();
    const rows = Int32Array.from({ length: count }, (_, id) => id);
    const keys = keysOf(held);
    const combiners = combinersOf(held);
    for (let from = 0; from < count; from += stateRows) {
      gatherPairs(keys, combiners, rows, from, Math.min(count, from + stateRows), (batch) =>
        spilled.write(bucket, batch),
      );
    }
  }

  #spill(bucket: number, key: unknown, value: unknown): void {
    this.#scatter ??= new PairScatter(bucketCount, spillRows, false, (target, batch) =>
      this.#spilledBatches().write(bucketCount + target, batch),
    );
    this.#scatter.put(key, value, bucket);
  }

  #spilledBatches(): SpilledBatches {
    return (this.#spilled ??= new SpilledBatches(this.#context.memory));
  }
}

/** The columns of pairs of numbers without null and undefined; undefined for others. */
function numberPairs(column: Column): readonly [key: NumberColumn, value: NumberColumn] | undefined {
  if (column.kind !== "tuple" || !isPlain(column) || column.children.length !== 2) return undefined;
  const [key, value] = column.children;
  return isNumbers(key) && isNumbers(value) ? [key, value] : undefined;
}

function isNumbers(column: Column | undefined): column is NumberColumn {
  return column !== undefined && isPlain(column) && (column.kind === "int32" || column.kind === "float64");
}
