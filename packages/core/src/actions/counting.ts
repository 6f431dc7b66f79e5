import { pureFunction } from "@gloam/closure";
import {
  type PlanNode,
  collectSink,
  collectedRows,
  combineByKeyNode,
  hashPartitioner,
  keysNode,
  pairWithNode,
  partitionerCount,
} from "@gloam/plan";
import { checkInteger } from "../arguments.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { partitionerFor } from "../pairs/partitioning.ts";
import { Rdd } from "../rdd.ts";
import { takeInOrder } from "./take-in-order.ts";

/** Options of `hot`. */
export interface HotOptions extends ActionOptions {
  /** Number of partitions in which elements are counted; as many as the RDD has when left out. */
  readonly partitions?: number | undefined;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * How many pairs each key has. Shuffles one number for each key and partition; the keys must fit into this process's
     * memory.
     *
     * @example
     * (await gc.parallelize([["a", 1], ["b", 1], ["a", 2]]).countByKey()).get("a"); // 2
     */
    countByKey<K, V>(this: Rdd<readonly [K, V]>, options?: ActionOptions): Promise<Map<K, number>>;

    /**
     * How often each element is there, by the equality of keys. Shuffles one number for each distinct element and partition;
     * the distinct elements must fit into this process's memory. Elements that are objects are keys of the map by
     * identity, as in every `Map`: iterate over it.
     *
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` for elements without equality by value
     *
     * @example
     * (await gc.parallelize(["a", "b", "a"]).countByValue()).get("a"); // 2
     */
    countByValue(options?: ActionOptions): Promise<Map<T, number>>;

    /**
     * The `n` most frequent elements (10 when left out) with how often they are there, the most frequent first. Which of
     * equally frequent ones come first, and which are left out, is not said, but is the same each time. Shuffles one number
     * for each distinct element and partition; only the result comes here. (DPark's.)
     *
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` for elements without equality by value
     *
     * @example
     * await gc.parallelize(["a", "b", "a", "c", "a", "b"]).hot(2); // [["a", 3], ["b", 2]]
     */
    hot(n?: number, options?: HotOptions): Promise<[T, number][]>;
  }
}

Rdd.prototype.countByKey = async function <K>(
  this: Rdd<readonly [K, unknown]>,
  options?: ActionOptions,
): Promise<Map<K, number>> {
  const operation = new Operation(this.context, "countByKey");
  return collectCounts<K>(operation, countsOf(operation, keysNode(operation, this.node), this.node), options);
};

Rdd.prototype.countByValue = async function <T>(this: Rdd<T>, options?: ActionOptions): Promise<Map<T, number>> {
  const operation = new Operation(this.context, "countByValue");
  return collectCounts<T>(operation, countsOf(operation, this.node), options);
};

Rdd.prototype.hot = async function <T>(
  this: Rdd<T>,
  n: number = 10,
  { partitions, ...options }: HotOptions = {},
): Promise<[T, number][]> {
  const operation = new Operation(this.context, "hot");
  checkInteger(operation, "n", n, 0);
  using counts = operation.rdd<[T, number]>(countsOf(operation, this.node, undefined, partitions));
  return await takeInOrder(operation, counts, n, true, countOf, options);
};

/** Self-contained: captured as it is. */
const countOf = ([, count]: readonly [unknown, number]): number => count;

/** `[key, count]` for each distinct element of `keys`, laid out as `parent` is where it is given. */
function countsOf(operation: Operation, keys: PlanNode, parent?: PlanNode, partitions?: number): PlanNode {
  const add = pureFunction((a: number, b: number) => a + b);
  const combining = { mergeValue: add, mergeCombiners: add, mapSide: true };
  const pairs = pairWithNode(operation, keys, 1);
  const partitioner = partitionerFor(operation, [parent ?? pairs], partitions);
  // Another shuffle cannot lay keys in the ranges of a sort.
  const laidOut = partitioner.kind === "range" ? hashPartitioner(partitionerCount(partitioner)) : partitioner;
  return combineByKeyNode(operation, pairs, combining, laidOut);
}

async function collectCounts<K>(
  operation: Operation,
  counts: PlanNode,
  options?: ActionOptions,
): Promise<Map<K, number>> {
  const partitions = await operation.context.jobs.results(operation, counts, collectSink(), options);
  return new Map(partitions.flatMap((result) => collectedRows(result) as [K, number][]));
}
