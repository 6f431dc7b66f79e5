import { pureFunction } from "@gloam/closure";
import {
  collectedRows,
  collectSink,
  combineWithinNode,
  KeyMap,
  mapValuesNode,
  sampleByKeyExactlyNode,
  sampleByKeyNode,
  type KeyCounts,
  type PlanNode,
} from "@gloam/plan";
import { checkNumber, invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { raiseFor } from "../raise-for.ts";
import { Rdd } from "../rdd.ts";

/** A fraction for each key: in a Map, or in an object where keys are texts. */
export type Fractions<K> = ReadonlyMap<K, number> | ([K] extends [string] ? Readonly<Record<K, number>> : never);

/** Options of `sampleByKey`. */
export interface SampleByKeyOptions {
  /** Any number; a random one when left out. The same seed gives the same sample of the same partitions. */
  readonly seed?: number | undefined;
  /** Take exactly as many pairs of each key as its fraction says, rounded up; as many on average when left out. */
  readonly exact?: boolean | undefined;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * A random part of each key's pairs: as many as its fraction says on average, or with `exact` exactly, rounded up, as Spark's
     * `sampleByKeyExact`. No shuffle; keys stay where they are. With `exact` the first job counts the pairs of each key in each
     * partition first, which computes this RDD once more unless it is cached; these counts must fit into this process's memory.
     *
     * @param withReplacement Whether a pair may be taken several times.
     * @param fractions For every key, without replacement the probability of each pair, from 0 to 1; with it how often each is taken on
     * average. Keys of a Map are compared by value.
     * @param options The seed, or `{ seed, exact }`.
     * @throws GloamError `GLOAM_ARGUMENT_INVALID`, from the action for a key without a fraction; `GLOAM_KEY_UNSUPPORTED`
     *
     * @example
     * const pairs = gc.range(100).map((x) => [x % 2 === 0 ? "even" : "odd", x]);
     * const sample = pairs.sampleByKey(false, { even: 1, odd: 0 }, 42);
     * await sample.count(); // 50
     * await pairs.sampleByKey(false, { even: 0.1, odd: 0.25 }, { exact: true }).count(); // 18
     */
    sampleByKey<K, V>(
      this: Rdd<readonly [K, V]>,
      withReplacement: boolean,
      fractions: Fractions<NoInfer<K>>,
      options?: number | SampleByKeyOptions,
    ): Rdd<[K, V]>;
  }
}

Rdd.prototype.sampleByKey = function <K, V>(
  this: Rdd<readonly [K, V]>,
  replacement: boolean,
  fractions: Fractions<K>,
  options: number | SampleByKeyOptions = {},
): Rdd<[K, V]> {
  const operation = new Operation(this.context, "sampleByKey");
  const { seed = this.context.random.nextInt(2 ** 32), exact = false } =
    typeof options === "number" ? { seed: options } : options;
  checkNumber(operation, "seed", seed);
  if (typeof fractions !== "object" || fractions === null) throw invalid(operation, "expected a Map of fractions");
  const given: Iterable<readonly [unknown, unknown]> = fractions instanceof Map ? fractions : Object.entries(fractions);
  const checked = new KeyMap<number>();
  for (const [key, fraction] of given) {
    checkNumber(operation, "a fraction", fraction, 0, replacement ? Infinity : 1);
    raiseFor(operation, () => checked.set(key, fraction as number));
  }
  const { node } = this;
  const sampling = { replacement, fractions: [...checked], seed };
  if (!exact) return operation.rdd(sampleByKeyNode(operation, node, sampling));
  return operation.rdd(
    sampleByKeyExactlyNode(operation, node, sampling, (signal) => countInPartitions(operation, node, signal)),
  );
};

/** How many pairs each key has in each partition. */
async function countInPartitions(operation: Operation, node: PlanNode, signal: AbortSignal): Promise<KeyCounts[]> {
  const ones = mapValuesNode(
    operation,
    node,
    pureFunction(() => 1),
  );
  const add = pureFunction((a: number, b: number) => a + b);
  const counts = combineWithinNode(operation, ones, add);
  const partitions = await operation.context.jobs.results(operation, counts, collectSink(), { signal });
  return partitions.map((result) => collectedRows(result) as [unknown, number][]);
}
