import { sampleCellNode } from "@gloam/plan";
import { checkNumber, invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The elements dealt out at random: an RDD for each weight, which gets each element with the probability of its weight among all of
     * them, and all together every element once. As a tuple where the weights are written down. No shuffle; keys stay where they
     * are. Each computes this RDD again: cache it before.
     *
     * @param weights Numbers of at least 0, not all of them 0; they need not add up to 1.
     * @param seed Any number; a random one when left out. The same seed gives the same parts of the same partitions.
     * @throws GloamError `GLOAM_ARGUMENT_INVALID`
     *
     * @example
     * const [train, test] = gc.range(100).randomSplit([3, 1], 42);
     * (await train.count()) + (await test.count()); // 100
     */
    randomSplit<const W extends readonly number[]>(weights: W, seed?: number): { -readonly [I in keyof W]: Rdd<T> };
  }
}

Rdd.prototype.randomSplit = function <T, W extends readonly number[]>(
  this: Rdd<T>,
  weights: W,
  seed: number = this.context.random.nextInt(2 ** 32),
): { -readonly [I in keyof W]: Rdd<T> } {
  const operation = new Operation(this.context, "randomSplit");
  checkNumber(operation, "seed", seed);
  if (!Array.isArray(weights)) throw invalid(operation, "expected an array of weights");
  for (const weight of weights) checkNumber(operation, "a weight", weight, 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0 && total < Infinity)) throw invalid(operation, "the weights must add up to a finite number above 0");
  let sum = 0;
  const bounds = weights.map((weight) => (sum += weight) / total);
  // Rounding must lose no element.
  bounds[bounds.length - 1] = 1;
  return bounds.map((to, index) =>
    operation.rdd(sampleCellNode(operation, this.node, { from: bounds[index - 1] ?? 0, to, seed })),
  ) as { -readonly [I in keyof W]: Rdd<T> };
};
