import type { KernelContext, RowCode, Sink, SinkKernel } from "@gloam/plan";
import { pairCheck, partitionOf } from "@gloam/plan";
import { Aggregation, type AggregationMemory } from "./aggregation.ts";
import { bucketCount, combinersOf, keysOf } from "./bucket.ts";
import { valueCombining, type CombineCode } from "./combine-code.ts";
import { CombiningTrial } from "./combining-trial.ts";
import { keyAt, type ValueSource } from "./gather-pairs.ts";
import { functionOf } from "./kernel-data.ts";
import { MapOutput } from "./map-output.ts";
import { NearCombiners } from "./near-combiners.ts";
import { blockRows, PairBlock } from "./pair-block.ts";
import { PairScatter, scatterRowBytes } from "./pair-scatter.ts";
import { invalidPartition } from "./partition-call.ts";
import { SinkBudget } from "./sink-budget.ts";

/** More than this a map task does not combine in: larger tables would hardly find keys again. */
const mostBytes = 256 * 1024 * 1024;
const mostWaitingRows = 16 * 1024;
/** Pairs in a task's first block: keys are near soon, and V8 sees every call of the loop before it compiles it. */
const firstRows = 256;
const everyRow = Int32Array.from({ length: blockRows }, (_, row) => row);

/**
 * Map side of `combineByKey` and its kin: combines the values of each key before they are written. A table that is full at
 * the task's guaranteed memory is written out as partial combiners and begins anew; where keys hardly ever come again,
 * pairs are written uncombined. Both depend on the data alone.
 *
 * Data: `{ partitions, roles, zero? }`, see `CombineData`; role `partition` replaces hashing.
 */
export const combineWriter: SinkKernel = {
  kind: "sink",
  open: (context) => new CombineWriter(context),
};

class CombineWriter implements Sink {
  readonly #code: CombineCode;
  readonly #budget: SinkBudget;
  readonly #output: MapOutput;
  readonly #scatter: PairScatter;
  readonly #partitions: number;
  /** The user's partition function, checked. */
  readonly #partition: ((key: unknown) => number) | undefined;
  readonly #aggregation: Aggregation;
  readonly #block = new PairBlock();
  readonly #near = new NearCombiners();
  readonly #trial = new CombiningTrial();
  readonly #check: () => void;
  /** Combiners of a block that is written uncombined. */
  readonly #created = new Float64Array(blockRows);
  readonly #escaped: { combiner: unknown } = { combiner: undefined };
  #tableBytes = 0;

  constructor(context: KernelContext) {
    const { partitions } = context.data as { readonly partitions: number };
    this.#check = () => context.checkCancelled();
    this.#code = valueCombining(context);
    this.#partitions = partitions;
    this.#partition = partitionFunction(context, partitions);
    this.#budget = new SinkBudget(context.memory, mostBytes);
    this.#output = new MapOutput(context, partitions);
    // A quarter for writing, a quarter at most for pairs that wait, the rest for the tables.
    const writing = Math.floor(this.#budget.bytes / 4);
    this.#scatter = new PairScatter(
      partitions,
      Math.min(64 * 1024, Math.max(256, Math.floor(writing / scatterRowBytes))),
      false,
      (partition, batch) => this.#output.write(partition, batch),
    );
    this.#aggregation = new Aggregation(
      this.#tableMemory(context, this.#budget.bytes - writing),
      0,
      waitingRows(writing),
    );
    this.#block.limit = firstRows;
  }

  readonly takesKeyedTexts = true;

  emit(code: RowCode): void {
    if (code.keyedText !== undefined) return this.#emitKeyedText(code, code.keyedText);
    const block = code.constant(this.#block);
    const near = code.constant(this.#near);
    const merge = code.constant(this.#code.merge);
    // Methods, which are the same for all tasks: V8 compiles a loop again that finds another function where it called one.
    const sink = code.constant(this);
    const [key, value, at] = [code.local(), code.local(), code.local()];
    const [slot, id, combiners] = [code.local(), code.local(), code.local()];
    // Written out, so that neither the tuple nor a boxed number is ever made.
    code.line(`const ${key} = ${code.value}[0], ${value} = ${code.value}[1];`);
    code.line(`if (${near}.active && typeof ${key} === "number") {`);
    code.line(`const ${slot} = ${key} & ${NearCombiners.mask};`);
    code.line(`if (${near}.keys[${slot}] === ${key}) {`);
    code.line(`const ${id} = ${near}.ids[${slot}], ${combiners} = ${near}.combiners;`);
    code.line(`${combiners}[${id}] = ${merge}(${combiners}[${id}], ${value});`);
    code.line(`if (--${near}.left === 0) ${sink}.takeTurn();`);
    code.line(`continue;\n}\n}`);
    code.line(`const ${at} = ${block}.length;`);
    code.line(`if (typeof ${key} === "number" && ${block}.numberKeys) ${block}.keys[${at}] = ${key};`);
    code.line(`else {\n${pairCheck(code, key)}\n${block}.putKey(${key}, ${at});\n}`);
    this.#emitValue(code, block, value, at);
    code.line(`if ((${block}.length = ${at} + 1) >= ${block}.limit) ${sink}.flushBlock();`);
  }

  #emitKeyedText(code: RowCode, pair: string): void {
    const block = code.constant(this.#block);
    const sink = code.constant(this);
    const [value, at] = [code.local(), code.local()];
    code.line(`const ${value} = ${pair}[1], ${at} = ${block}.length;`);
    code.line(`${block}.putText(${pair}[0], ${at});`);
    this.#emitValue(code, block, value, at);
    code.line(`if ((${block}.length = ${at} + 1) >= ${block}.limit) ${sink}.flushBlock();`);
  }

  #emitValue(code: RowCode, block: string, value: string, at: string): void {
    code.line(`if (typeof ${value} === "number" && ${block}.numberValues) ${block}.numbers[${at}] = ${value};`);
    code.line(`else ${block}.putValue(${value}, ${at});`);
  }

  /** Combines what is in the block; for the generated loop. */
  flushBlock(): void {
    const block = this.#block;
    if (block.length === 0) return;
    this.#check();
    const aggregation = this.#aggregation;
    const trial = this.#trial;
    if (trial.combining) {
      aggregation.add(block, this.#code);
      if (trial.isDue(aggregation.pairs + aggregation.waiting)) {
        aggregation.settle(this.#code);
        trial.judge(aggregation.pairs, aggregation.found);
      }
      if (!trial.combining) {
        // Also where the table was full: then some pairs still wait.
        aggregation.settle(this.#code);
        this.#flushTable();
        trial.ended(aggregation.pairs, aggregation.found);
      }
    } else {
      this.#writeThrough(block);
      trial.wroteThrough(block.length);
    }
    block.clear();
    this.#near.follow(trial.combining ? aggregation.whole : undefined);
  }

  /** After so many pairs that the generated loop combined by itself. */
  takeTurn(): void {
    this.#check();
    const aggregation = this.#aggregation;
    aggregation.combined(this.#near.turn());
    this.#near.follow(this.#trial.combining ? aggregation.whole : undefined);
  }

  finish(): unknown {
    this.flushBlock();
    this.#aggregation.settle(this.#code);
    this.#flushTable();
    this.#scatter.flush();
    return this.#output.commit();
  }

  close(): void {
    this.#aggregation.close();
    this.#output.close();
    this.#budget.close();
  }

  /** Writes a block's pairs as combiners of one value each. */
  #writeThrough(block: PairBlock): void {
    const { create, createsNothing } = this.#code;
    const { length } = block;
    const { keys, numbers, numberKeys, numberValues } = block;
    if (numberKeys && numberValues && createsNothing && this.#partition === undefined) {
      this.#scatter.putHashed(keys, numbers, length);
      return;
    }
    block.hash();
    const targets = this.#targets(block, block.hashes.subarray(0, length));
    for (let at = this.#writeNumbers(block, targets); at < length; at++) {
      this.#scatter.put(block.key(at), this.#sealed(create(block.value(at))), targets[at]!);
    }
  }

  /** Writes the block's pairs of numbers; gives the place of the first that is left. */
  #writeNumbers(block: PairBlock, targets: Int32Array): number {
    if (!block.numberKeys || !block.numberValues) return 0;
    const { length, keys, numbers } = block;
    const created = this.#created;
    const stop = this.#code.numbers(created, 0, everyRow, 0, length, numbers, this.#escaped);
    this.#scatter.putAll({ kind: "number", keys }, created, targets.subarray(0, stop));
    if (stop === length) return length;
    this.#scatter.put(keys[stop], this.#sealed(this.#escaped.combiner), targets[stop]!);
    this.#escaped.combiner = undefined;
    return stop + 1;
  }

  /** Writes all combiners and begins anew. */
  #flushTable(): void {
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const held = this.#aggregation.take(bucket);
      if (held === undefined) continue;
      const keys = keysOf(held);
      const key = (id: number): unknown => keyAt(keys, id);
      this.#scatter.putAll(keys, this.#allSealed(combinersOf(held)), this.#targets({ key }, held.index.hashes()));
      this.#aggregation.free(held);
    }
  }

  #sealed(combiner: unknown): unknown {
    const { seal } = this.#code;
    return seal === undefined ? combiner : seal(combiner);
  }

  #allSealed(combiners: ValueSource): ValueSource {
    const { seal } = this.#code;
    return seal === undefined ? combiners : Array.from(combiners, seal);
  }

  /** The partition of each key, by number. */
  #targets(keys: { key(at: number): unknown }, hashes: Int32Array): Int32Array {
    const targets = new Int32Array(hashes.length);
    if (this.#partition === undefined) {
      for (let id = 0; id < targets.length; id++) targets[id] = partitionOf(hashes[id]!, this.#partitions);
    } else {
      for (let id = 0; id < targets.length; id++) targets[id] = this.#partition(keys.key(id));
    }
    return targets;
  }

  #tableMemory(context: KernelContext, bytes: number): AggregationMemory {
    return {
      acquire: (wanted) => {
        // With nothing held a single key is larger than the budget: it has to be taken all the same.
        if (this.#tableBytes + wanted > bytes && this.#tableBytes > 0) return false;
        this.#tableBytes += wanted;
        return true;
      },
      release: (given) => {
        this.#tableBytes -= given;
      },
      heapBudget: context.memory.heapBudget / 2,
      relieve: () => {
        this.#trial.filled(this.#aggregation.pairs, this.#aggregation.found);
        this.#flushTable();
      },
      spill() {
        // Nothing is given up here: the table is written out as a whole.
      },
    };
  }
}

function waitingRows(bytes: number): number {
  let rows = mostWaitingRows;
  while (rows >= 256 && rows * bucketCount * 16 > bytes) rows >>= 1;
  return rows < 256 ? 0 : rows;
}

function partitionFunction(context: KernelContext, partitions: number): ((key: unknown) => number) | undefined {
  const partition = functionOf(context, "partition")?.call;
  if (partition === undefined) return undefined;
  return (key) => {
    const given = partition(key);
    if (typeof given === "number" && given >= 0 && given < partitions && Number.isInteger(given)) return given;
    throw invalidPartition(given, partitions);
  };
}
