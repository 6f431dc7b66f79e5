import { barrierMapPartitionsNode, type BarrierContext } from "@gloam/plan";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";
import type { Element } from "../types.ts";
import type { MapPartitionsOptions } from "./partitions.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * What comes next runs with all of its tasks at once, so that they can wait for each other and give each other values, as the
     * processes of an MPI program do: `rdd.barrier().mapPartitions((elements, context) => ...)`. Costs nothing by itself.
     *
     * There must be as many task slots as partitions, or the action fails with `GLOAM_BARRIER_SLOTS`; it waits until as many are
     * free. When one task fails or its executor is lost, all are run again. What follows in the same stage must keep the
     * partitions as they are and may depend on one barrier only: `union` and `coalesce` behind it fail with
     * `GLOAM_BARRIER_UNSUPPORTED`.
     *
     * @example
     * const rows = gc.parallelize([3, 1, 4, 1], 2).barrier();
     * const shares = rows.mapPartitions((elements, context) => {
     *   const mine = [...elements];
     *   const total = context.allReduce(mine.reduce((a, b) => a + b, 0), (a, b) => a + b);
     *   return mine.map((x) => x / total);
     * });
     * await shares.collect(); // [1 / 3, 1 / 9, 4 / 9, 1 / 9]
     */
    barrier(): RddBarrier<T>;
  }
}

/** An RDD whose next operation runs with all of its tasks at once. */
export class RddBarrier<T> {
  readonly #rdd: Rdd<T>;

  /** @internal */
  constructor(rdd: Rdd<T>) {
    this.#rdd = rdd;
  }

  /**
   * Each partition becomes the elements of `f(elements, context)`, all partitions at once; `context` is what `barrierContext()`
   * gives too. `f` always runs to its end, also where an action such as `first` wants few of the elements, and an action that asks for
   * some partitions computes all. No shuffle.
   *
   * @example
   * const ranks = gc.range(2, { partitions: 2 }).barrier();
   * await ranks.mapPartitions((_, context) => [context.allGather(context.rank)]).collect(); // [[0, 1], [0, 1]]
   */
  mapPartitions<U extends Element>(
    f: (elements: IterableIterator<T>, context: BarrierContext) => Iterable<U>,
    { preservesPartitioning = false }: MapPartitionsOptions = {},
  ): Rdd<U> {
    const { context, node } = this.#rdd;
    const operation = new Operation(context, "barrier().mapPartitions");
    return operation.rdd(barrierMapPartitionsNode(operation, node, operation.capture(f), { preservesPartitioning }));
  }
}

Rdd.prototype.barrier = function <T>(this: Rdd<T>): RddBarrier<T> {
  return new RddBarrier(this);
};
