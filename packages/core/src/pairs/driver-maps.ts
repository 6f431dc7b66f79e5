import { encodeValue } from "@gloam/arrow";
import {
  collectedRows,
  collectSink,
  combineWithinNode,
  hashKey,
  KeyMap,
  partitionOf,
  valuesOfKeyNode,
  type Partitioner,
} from "@gloam/plan";
import { invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { raiseFor } from "../raise-for.ts";
import { Rdd } from "../rdd.ts";
import type { Element, Widen } from "../types.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The pairs as a Map in this process; of several pairs of a key the last one counts, in the order of the partitions. Keys are
     * compared by value: of equal arrays and objects, which a Map finds by identity only, the first one is its key. The pairs
     * must fit into this process's memory. No shuffle.
     *
     * @example
     * (await gc.parallelize([["a", 1], ["b", 2], ["a", 3]]).collectAsMap()).get("a"); // 3
     */
    collectAsMap<K, V>(this: Rdd<readonly [K, V]>, options?: ActionOptions): Promise<Map<K, V>>;

    /**
     * One value for each key, as a Map in this process: `f` adds two values, in their order. It must be associative. Each task adds
     * the values of its partition, this process those of the partitions: no shuffle, and faster than `reduceByKey` for few keys, which
     * must fit into this process's memory.
     *
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED`, for keys without equality by value
     *
     * @example
     * const pairs = gc.parallelize(["a", "b", "a"]).map((word) => [word, 1]);
     * (await pairs.reduceByKeyLocally((a, b) => a + b)).get("a"); // 2
     */
    reduceByKeyLocally<K, V extends Element>(
      this: Rdd<readonly [K, V]>,
      f: (a: Widen<V>, b: Widen<V>) => Widen<NoInfer<V>>,
      options?: ActionOptions,
    ): Promise<Map<K, Widen<V>>>;

    /**
     * The values of a key, in their order. Where keys were laid by their hash or a function of yours (`partitionBy`, `reduceByKey`
     * and other operations by key), computes the one partition that has it; otherwise reads all pairs.
     *
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED`, for a key without equality by value
     *
     * @example
     * await gc.parallelize([["a", 1], ["b", 2], ["a", 3]]).lookup("a"); // [1, 3]
     */
    lookup<K, V>(this: Rdd<readonly [K, V]>, key: NoInfer<K>, options?: ActionOptions): Promise<V[]>;
  }
}

Rdd.prototype.collectAsMap = async function <K, V>(
  this: Rdd<readonly [K, V]>,
  options?: ActionOptions,
): Promise<Map<K, V>> {
  const operation = new Operation(this.context, "collectAsMap");
  const partitions = await this.context.jobs.results(operation, this.node, collectSink(), options);
  const pairs = new KeyMap<V>();
  raiseFor(operation, () => {
    for (const result of partitions)
      for (const [key, value] of collectedRows(result) as (readonly [K, V])[]) pairs.set(key, value);
  });
  return new Map(pairs) as Map<K, V>;
};

Rdd.prototype.reduceByKeyLocally = async function <K, V>(
  this: Rdd<readonly [K, unknown]>,
  f: (a: V, b: V) => V,
  options?: ActionOptions,
): Promise<Map<K, V>> {
  const operation = new Operation(this.context, "reduceByKeyLocally");
  const combined = combineWithinNode(operation, this.node, operation.capture(f));
  const partitions = await this.context.jobs.results(operation, combined, collectSink(), options);
  const reduced = new KeyMap<{ value: V }>();
  for (const result of partitions) {
    for (const [key, value] of collectedRows(result) as (readonly [K, V])[]) {
      const known = reduced.get(key);
      if (known === undefined) reduced.set(key, { value });
      else known.value = f(known.value, value);
    }
  }
  return new Map(Array.from(reduced, ([key, { value }]) => [key as K, value]));
};

Rdd.prototype.lookup = async function <K, V>(
  this: Rdd<readonly [K, V]>,
  key: K,
  options?: ActionOptions,
): Promise<V[]> {
  const operation = new Operation(this.context, "lookup");
  const hash = raiseFor(operation, () => hashKey(key));
  const { jobs } = this.context;
  const { partitioner } = this.node;
  const values = valuesOfKeyNode(operation, this.node, encodeValue(key, { name: "the key" }));
  return jobs.holding(values, async () => {
    const count = await jobs.partitionCount(operation, values, options);
    const only = partitioner === undefined ? undefined : partitionWith(operation, partitioner, key, hash, count);
    const partitions = only === undefined ? undefined : [only];
    const results = await jobs.results(operation, values, collectSink(), options, partitions);
    return results.flatMap((result) => collectedRows(result) as V[]);
  });
};

/** The partition that has a key; undefined where only executors know. */
function partitionWith(
  operation: Operation,
  partitioner: Partitioner,
  key: unknown,
  hash: number,
  count: number,
): number | undefined {
  switch (partitioner.kind) {
    case "hash":
      return partitionOf(hash, count);
    case "range":
      return undefined;
    case "custom": {
      const partition = (partitioner.partition as (key: unknown) => number)(key);
      if (Number.isInteger(partition) && partition >= 0 && partition < count) return partition;
      throw invalid(operation, `the partition function gave ${String(partition)} for the key, of ${count} partitions`);
    }
  }
}
