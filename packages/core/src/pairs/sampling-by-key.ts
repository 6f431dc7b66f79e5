import { KeyMap, sampleByKeyNode } from "@gloam/plan";
import { checkNumber, invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { raiseFor } from "../raise-for.ts";
import { Rdd } from "../rdd.ts";

/** A fraction for each key: in a Map, or in an object where keys are texts. */
export type Fractions<K> = ReadonlyMap<K, number> | ([K] extends [string] ? Readonly<Record<K, number>> : never);

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * A random part of each key's pairs. No shuffle; keys stay where they are. The same seed gives the same sample of the same
     * partitions. As many as the fraction says on average: Spark's `sampleByKeyExact` needs passes of its own.
     *
     * @param withReplacement Whether a pair may be taken several times.
     * @param fractions For every key, without replacement the probability of each pair, from 0 to 1; with it how often each is taken on
     * average. Keys of a Map are compared by value.
     * @param seed Any number; a random one when left out.
     * @throws GloamError `GLOAM_ARGUMENT_INVALID`, from the action for a key without a fraction; `GLOAM_KEY_UNSUPPORTED`
     *
     * @example
     * const pairs = gc.range(100).map((x) => [x % 2 === 0 ? "even" : "odd", x]);
     * const sample = pairs.sampleByKey(false, { even: 1, odd: 0 }, 42);
     * await sample.count(); // 50
     */
    sampleByKey<K, V>(
      this: Rdd<readonly [K, V]>,
      withReplacement: boolean,
      fractions: Fractions<NoInfer<K>>,
      seed?: number,
    ): Rdd<[K, V]>;
  }
}

Rdd.prototype.sampleByKey = function <K, V>(
  this: Rdd<readonly [K, V]>,
  replacement: boolean,
  fractions: Fractions<K>,
  seed: number = this.context.random.nextInt(2 ** 32),
): Rdd<[K, V]> {
  const operation = new Operation(this.context, "sampleByKey");
  checkNumber(operation, "seed", seed);
  if (typeof fractions !== "object" || fractions === null) throw invalid(operation, "expected a Map of fractions");
  const given: Iterable<readonly [unknown, unknown]> = fractions instanceof Map ? fractions : Object.entries(fractions);
  const checked = new KeyMap<number>();
  for (const [key, fraction] of given) {
    checkNumber(operation, "a fraction", fraction, 0, replacement ? Infinity : 1);
    raiseFor(operation, () => checked.set(key, fraction as number));
  }
  return operation.rdd(sampleByKeyNode(operation, this.node, { replacement, fractions: [...checked], seed }));
};
