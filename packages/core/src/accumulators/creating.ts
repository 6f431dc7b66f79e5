import { invalid } from "../arguments.ts";
import { GloamContext } from "../context.ts";
import { Operation } from "../operation.ts";
import { Accumulator } from "./accumulator.ts";

/** Options of `accumulator`. */
export interface AccumulatorOptions {
  /** What it is called in messages and events. */
  readonly name?: string | undefined;
}

declare module "../context.ts" {
  interface GloamContext {
    /**
     * A sum of safe integers: see {@link Accumulator} for what counts. The sum is exact up to 2 ** 53.
     *
     * @param name What it is called in messages and events.
     *
     * @example
     * const seen = gc.longAccumulator("seen");
     * await gc.range(10).forEach(() => seen.add(1));
     * seen.value; // 10
     */
    longAccumulator(name?: string): Accumulator<number>;

    /**
     * A sum of numbers: see {@link Accumulator} for what counts. Added up in the order of partitions, so that it is the same every time.
     *
     * @param name What it is called in messages and events.
     *
     * @example
     * const weight = gc.doubleAccumulator("weight");
     * await gc.parallelize([0.5, 0.25], 2).forEach((x) => weight.add(x));
     * weight.value; // 0.75
     */
    doubleAccumulator(name?: string): Accumulator<number>;

    /**
     * A list of what was added, in the order of partitions: see {@link Accumulator} for what counts. For few elements.
     *
     * @param name What it is called in messages and events.
     *
     * @example
     * const odd = gc.collectionAccumulator<number>("odd");
     * await gc.range(6).forEach((x) => { if (x % 2 === 1) odd.add(x); });
     * odd.value; // [1, 3, 5]
     */
    collectionAccumulator<T>(name?: string): Accumulator<T, T[]>;

    /**
     * A sum of whatever `merge` can add up: see {@link Accumulator} for what counts.
     *
     * @param zero Where every task begins, with a copy of its own. Merged with any value it must give that value.
     * @param merge Adds two values up, on executors and in the driver; associative. It may change its first argument and give it
     * back. What it captures is snapshotted now for executors.
     * @throws GloamError `GLOAM_VALUE_NOT_SERIALIZABLE` for `zero`, `GLOAM_CLOSURE_NOT_SERIALIZABLE` and `GLOAM_ASYNC_FUNCTION` for
     * `merge`; from actions `GLOAM_VALUE_NOT_SERIALIZABLE` where a task's sum cannot travel, and what `merge` throws.
     *
     * @example
     * const longest = gc.accumulator("", (a, b) => (b.length > a.length ? b : a), { name: "longest" });
     * await gc.parallelize(["a", "ccc", "bb"], 2).forEach((word) => longest.add(word));
     * longest.value; // "ccc"
     */
    accumulator<T>(zero: T, merge: (total: T, value: T) => T, options?: AccumulatorOptions): Accumulator<T>;
  }
}

function checkName(operation: Operation, name: unknown): void {
  if (name !== undefined && typeof name !== "string") throw invalid(operation, `name must be a string`);
}

GloamContext.prototype.longAccumulator = function (name) {
  checkName(new Operation(this, "longAccumulator"), name);
  return new Accumulator(this.accumulators, { kind: "long", name });
};

GloamContext.prototype.doubleAccumulator = function (name) {
  checkName(new Operation(this, "doubleAccumulator"), name);
  return new Accumulator(this.accumulators, { kind: "double", name });
};

GloamContext.prototype.collectionAccumulator = function (name) {
  checkName(new Operation(this, "collectionAccumulator"), name);
  return new Accumulator(this.accumulators, { kind: "collection", name });
};

GloamContext.prototype.accumulator = function <T>(
  zero: T,
  merge: (total: T, value: T) => T,
  options: AccumulatorOptions = {},
) {
  const operation = new Operation(this, "accumulator");
  checkName(operation, options.name);
  const captured = operation.capture(merge);
  return new Accumulator<T>(
    this.accumulators,
    { kind: "custom", name: options.name, zero: operation.encodeZero(zero), merge: merge as never },
    captured,
  );
};
