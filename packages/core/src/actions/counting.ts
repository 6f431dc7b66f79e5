import { pureFunction } from "@gloam/closure";
import { collectedRows, collectSink, combineByKeyNode, keysNode, pairWithNode } from "@gloam/plan";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { partitionerFor } from "../pairs/partitioning.ts";
import { Rdd } from "../rdd.ts";

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
  }
}

Rdd.prototype.countByKey = async function <K>(
  this: Rdd<readonly [K, unknown]>,
  options?: ActionOptions,
): Promise<Map<K, number>> {
  const operation = new Operation(this.context, "countByKey");
  const ones = pairWithNode(operation, keysNode(operation, this.node), 1);
  const add = pureFunction((a: number, b: number) => a + b);
  const combining = { mergeValue: add, mergeCombiners: add, mapSide: true };
  const counts = combineByKeyNode(operation, ones, combining, partitionerFor(operation, [this.node], undefined));
  const partitions = await this.context.jobs.results(operation, counts, collectSink(), options);
  return new Map(partitions.flatMap((result) => collectedRows(result) as [K, number][]));
};
