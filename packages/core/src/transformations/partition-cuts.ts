import { batchNode, enumeratePartitionNode, mergeSplitNode, sliceNode, type SplitMerging } from "@gloam/plan";
import { checkInteger, invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The partitions from number `start` to below `end`, as DPark's `rdd[start:end]`; the others are not computed. Numbers below 0
     * count from the last partition, and an `end` beyond it is the last, as with `Array.prototype.slice`. No shuffle.
     *
     * @param end One behind the last partition; all from `start` on when left out.
     *
     * @example
     * await gc.range(6, { partitions: 3 }).slice(1).collect(); // [2, 3, 4, 5]
     * await gc.range(6, { partitions: 3 }).slice(0, -1).collect(); // [0, 1, 2, 3]
     */
    slice(start: number, end?: number): Rdd<T>;

    /**
     * The same elements in the same order in fewer partitions, as DPark's: `splitSize` neighbours at a time become one, or as
     * many as it takes for `numSplits` at most. Unlike `coalesce`, all but the last are of the same number of partitions: 5 into
     * `numSplits: 4` are 2, 2 and 1. No shuffle, so the work before it runs in as few tasks.
     *
     * @example
     * await gc.range(5, { partitions: 5 }).mergeSplit({ splitSize: 2 }).glom().collect(); // [[0, 1], [2, 3], [4]]
     */
    mergeSplit(merging: SplitMerging): Rdd<T>;

    /**
     * The elements of each partition as arrays of `size`, as DPark's; the last of a partition may be shorter, none is empty. No
     * shuffle. Reads as it goes, where DPark holds the partition.
     *
     * @example
     * await gc.range(5, { partitions: 1 }).batch(2).collect(); // [[0, 1], [2, 3], [4]]
     */
    batch(size: number): Rdd<T[]>;

    /**
     * Pairs of the partition's number and the element, as DPark's. No shuffle.
     *
     * @example
     * await gc.parallelize(["a", "b", "c"], 2).enumeratePartition().collect(); // [[0, "a"], [1, "b"], [1, "c"]]
     */
    enumeratePartition(): Rdd<[number, T]>;
  }
}

Rdd.prototype.slice = function <T>(this: Rdd<T>, start: number, end?: number): Rdd<T> {
  const operation = new Operation(this.context, "slice");
  checkInteger(operation, "start", start, Number.MIN_SAFE_INTEGER);
  if (end !== undefined) checkInteger(operation, "end", end, Number.MIN_SAFE_INTEGER);
  return operation.rdd(sliceNode(operation, this.node, start, end));
};

Rdd.prototype.mergeSplit = function <T>(this: Rdd<T>, merging: SplitMerging): Rdd<T> {
  const operation = new Operation(this.context, "mergeSplit");
  const given: Readonly<Record<string, unknown>> = { ...merging };
  const named = ["splitSize", "numSplits"].filter((name) => given[name] !== undefined);
  const [name] = named;
  if (name === undefined || named.length > 1) throw invalid(operation, "expected { splitSize } or { numSplits }");
  const value = given[name];
  checkInteger(operation, name, value, 1);
  const checked = { [name]: value } as unknown as SplitMerging;
  return operation.rdd(mergeSplitNode(operation, this.node, checked));
};

Rdd.prototype.batch = function <T>(this: Rdd<T>, size: number): Rdd<T[]> {
  const operation = new Operation(this.context, "batch");
  checkInteger(operation, "size", size, 1);
  return operation.rdd(batchNode(operation, this.node, size));
};

Rdd.prototype.enumeratePartition = function <T>(this: Rdd<T>): Rdd<[number, T]> {
  const operation = new Operation(this.context, "enumeratePartition");
  return operation.rdd(enumeratePartitionNode(operation, this.node));
};
