import { hashKey, type Batch, type KernelContext } from "@gloam/plan";
import { bucketBits, bucketCount, deepestLevel } from "./bucket.ts";
import { BatchLists } from "./batch-lists.ts";
import { keepsLeft, keepsRight, Probe, type JoinKind } from "./join-batches.ts";
import { JoinTable } from "./join-table.ts";
import { OrderedRuns } from "./ordered-runs.ts";
import { groupTooLarge } from "./out-of-memory.ts";
import { PairBlock } from "./pair-block.ts";
import { PairScatter } from "./pair-scatter.ts";
import { PairBatch } from "./pair-source.ts";

/** Rows that are collected before they are laid into buckets. */
const scatterRows = 8 * 1024;
/** A table takes this many times the bytes of its rows in columns, about. */
const tableFactor = 4;

/** A row's place in its input, and its value. */
type Placed = readonly [place: number, value: unknown];

/**
 * A join whose right side does not fit: both sides go to scratch in buckets by hash, bucket after bucket is joined by
 * itself, and the joined rows are put back into the order of the left, so that the result is that of a join in memory.
 */
export class SpilledJoin {
  readonly #context: KernelContext;
  readonly #join: JoinKind;
  readonly #level: number;
  /** The right's buckets, then the left's: pairs of key and `Placed`. */
  readonly #lists: BatchLists;
  readonly #scatter: readonly PairScatter[];
  readonly #joined: OrderedRuns;
  readonly #unmatched: OrderedRuns;
  readonly #owned: boolean;
  #leftRows = 0;
  #rightRows = 0;
  #child: SpilledJoin | undefined;

  constructor(context: KernelContext, join: JoinKind, parent?: SpilledJoin) {
    this.#context = context;
    this.#join = join;
    this.#level = parent === undefined ? 0 : parent.#level + 1;
    this.#lists = new BatchLists(context.memory, 2 * bucketCount);
    this.#scatter = [0, bucketCount].map(
      (first) =>
        new PairScatter(
          bucketCount,
          scatterRows,
          false,
          (bucket, batch) => this.#lists.append(first + bucket, batch),
          true,
        ),
    );
    this.#owned = parent === undefined;
    this.#joined = parent === undefined ? new OrderedRuns(context) : parent.#joined;
    this.#unmatched = parent === undefined ? new OrderedRuns(context) : parent.#unmatched;
  }

  /** Takes all rows of a table over, as the first of the right side. */
  addTable(table: JoinTable): void {
    table.seal(false);
    for (let row = 0; row < table.rows; row++)
      this.#put(0, table.key(table.idOf(row)), this.#rightRows++, table.value(row));
  }

  /** Takes a block of the right side's pairs. */
  addRight(block: PairBlock): void {
    for (let at = 0; at < block.length; at++) this.#put(0, block.key(at), this.#rightRows++, block.value(at));
  }

  /** Takes a batch of the left side's pairs. */
  addLeft(batch: PairBatch): void {
    for (let row = 0; row < batch.length; row++) this.#put(1, batch.key(row), this.#leftRows++, batch.value(row));
  }

  /** The joined rows, as a join in memory gives them. */
  *batches(): Generator<Batch> {
    this.#joinBuckets();
    yield* this.#joined.batches();
    yield* this.#unmatched.batches();
    this.close();
  }

  close(): void {
    this.#child?.close();
    this.#lists.close();
    if (!this.#owned) return;
    this.#joined.close();
    this.#unmatched.close();
  }

  #put(side: number, key: unknown, place: number, value: unknown): void {
    const bucket = (hashKey(key) << (this.#level * bucketBits)) >>> (32 - bucketBits);
    this.#scatter[side]!.put(key, [place, value] satisfies Placed, bucket);
  }

  #joinBuckets(): void {
    for (const scatter of this.#scatter) scatter.flush();
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const [right, left] = [bucket, bucketCount + bucket];
      const needed =
        this.#lists.rows(right) > 0 ? this.#lists.rows(left) > 0 || keepsRight(this.#join) : keepsLeft(this.#join);
      if (!needed) continue;
      const bytes = this.#lists.bytes(right) * tableFactor;
      if (this.#acquire(bytes, right)) {
        this.#joinBucket(right, left);
        this.#context.memory.release(bytes);
      } else {
        if (this.#level === deepestLevel) throw groupTooLarge("the right side's values");
        this.#split(right, left);
      }
      this.#lists.free(right);
      this.#lists.free(left);
    }
  }

  #acquire(bytes: number, keep: number): boolean {
    while (!this.#context.memory.acquire(bytes)) if (!this.#lists.spillLargest([keep])) return false;
    return true;
  }

  #joinBucket(right: number, left: number): void {
    const table = new JoinTable();
    const block = new PairBlock();
    for (const batch of this.#read(right)) {
      while (batch.at < batch.length) {
        batch.fillBlock(block);
        table.add(block);
        block.clear();
      }
    }
    table.seal(false);
    const probe = new Probe(table, this.#join);
    for (const batch of this.#read(left)) {
      for (const { matches } of probe.matches(batch)) {
        for (let at = 0; at < matches.count; at++) {
          const row = matches.left[at]!;
          const [place, value] = batch.value(row) as Placed;
          const match = table.value(matches.right[at]!) as Placed | undefined;
          this.#joined.append(place, [batch.key(row), this.#join === "anti" ? value : [value, match?.[1]]]);
        }
      }
    }
    this.#joined.endRun();
    for (const rows of probe.unmatched()) {
      for (const row of rows) {
        const [place, value] = table.value(row) as Placed;
        this.#unmatched.append(place, [table.key(table.idOf(row)), [undefined, value]]);
      }
    }
    this.#unmatched.endRun();
  }

  /** Joins a bucket whose right side does not fit by the next bits of the hash. */
  #split(right: number, left: number): void {
    const child = new SpilledJoin(this.#context, this.#join, this);
    this.#child = child;
    for (const [side, list] of [right, left].entries()) {
      for (const batch of this.#read(list)) {
        for (let row = 0; row < batch.length; row++) {
          const [place, value] = batch.value(row) as Placed;
          child.#put(side, batch.key(row), place, value);
        }
      }
      this.#lists.free(list);
    }
    child.#joinBuckets();
    child.close();
    this.#child = undefined;
  }

  *#read(list: number): Generator<PairBatch> {
    for (const columns of this.#lists.read(list)) {
      this.#context.checkCancelled();
      yield new PairBatch({ length: columns.length, columns });
    }
  }
}
