import { decodeValue } from "@gloam/arrow";
import { pureFunction, type CapturedFunction } from "@gloam/closure";
import {
  combineByKeyNode,
  customPartitioner,
  foldSink,
  pairWithGroupNode,
  reduceSink,
  valuesNode,
  type Partitioner,
  type Reduced,
} from "@gloam/plan";
import { checkInteger } from "../arguments.ts";
import { emptyRdd } from "../empty-rdd.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";
import type { Several, Widen } from "../types.ts";

/** Options of `treeReduce` and `treeAggregate`. */
export interface TreeOptions extends ActionOptions {
  /** Levels of the tree, 2 when left out; with 1 all partitions' results come here, as for `reduce`. */
  readonly depth?: number | undefined;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * `reduce` for many partitions or large results: partitions' results are first added on the executors, group by group, so
     * that about the `depth`-th root of their number comes here. Each level shuffles one value for each partition. Elements are
     * added in their order: `f` must be associative and need not be commutative.
     *
     * @throws GloamError `GLOAM_RDD_EMPTY`
     *
     * @example
     * await gc.range(100, { partitions: 20 }).map(String).treeReduce((a, b) => (a < b ? b : a)); // "99"
     */
    treeReduce(f: (a: Widen<T>, b: Widen<T>) => Widen<T>, options?: TreeOptions): Promise<Widen<T>>;

    /**
     * `aggregate` for many partitions or large results, in a tree as `treeReduce`. Results begin with a fresh copy of `zero`,
     * at least once for each partition that has elements, so it must change nothing.
     *
     * @example
     * await gc.range(100, { partitions: 20 }).treeAggregate(
     *   0,
     *   (count, x) => count + (x % 2),
     *   (a, b) => a + b,
     * ); // 50
     */
    treeAggregate<U extends Several>(
      zero: U,
      mergeElement: (result: NoInfer<U>, element: T) => NoInfer<U>,
      mergeResults: (a: NoInfer<U>, b: NoInfer<U>) => NoInfer<U>,
      options?: TreeOptions,
    ): Promise<U>;
    treeAggregate<U>(
      zero: U,
      mergeElement: (result: U, element: T) => U,
      mergeResults: (a: U, b: U) => U,
      options?: TreeOptions,
    ): Promise<U>;
  }
}

Rdd.prototype.treeReduce = async function <V>(
  this: Rdd<unknown>,
  f: (a: V, b: V) => V,
  options: TreeOptions = {},
): Promise<V> {
  const operation = new Operation(this.context, "treeReduce");
  const merge = operation.capture(f);
  const values = (await inTree(operation, this, undefined, merge, merge, options)) as V[];
  if (values.length > 0) return values.reduce((a, b) => f(a, b));
  throw emptyRdd(operation, "there is nothing to reduce");
};

Rdd.prototype.treeAggregate = async function <T, U>(
  this: Rdd<T>,
  zero: U,
  mergeElement: (result: U, element: never) => U,
  mergeResults: (a: U, b: U) => U,
  options: TreeOptions = {},
): Promise<U> {
  const operation = new Operation(this.context, "treeAggregate");
  const encoded = operation.encodeZero(zero);
  const [mergeValue, mergeCombiners] = [operation.capture(mergeElement), operation.capture(mergeResults)];
  const results = (await inTree(operation, this, encoded, mergeValue, mergeCombiners, options)) as U[];
  return results.reduce((a, b) => mergeResults(a, b), decodeValue(encoded) as U);
};

/** What is left to be merged here, in order. */
async function inTree(
  operation: Operation,
  rdd: Rdd<unknown>,
  zero: Uint8Array | undefined,
  mergeValue: CapturedFunction,
  mergeCombiners: CapturedFunction,
  { depth = 2, ...options }: TreeOptions,
): Promise<unknown[]> {
  checkInteger(operation, "depth", depth, 1);
  const { jobs } = rdd.context;
  return jobs.holding(rdd.node, async () => {
    const partitions = await jobs.partitionCount(operation, rdd.node, options);
    const [first, ...others] = levels(partitions, depth);
    if (first === undefined) {
      if (zero !== undefined) return jobs.results(operation, rdd.node, foldSink(zero, mergeValue), options);
      return reduced(await jobs.results(operation, rdd.node, reduceSink(mergeValue), options));
    }
    const pairs = pairWithGroupNode(operation, rdd.node, first);
    const combining = { zero, mergeValue, mergeCombiners, mapSide: true };
    let node = valuesNode(operation, combineByKeyNode(operation, pairs, combining, byGroup(first)));
    for (const groups of others) {
      const merging = { mergeValue: mergeCombiners, mergeCombiners, mapSide: false };
      const grouped = pairWithGroupNode(operation, node, groups);
      node = valuesNode(operation, combineByKeyNode(operation, grouped, merging, byGroup(groups)));
    }
    return reduced(await jobs.results(operation, node, reduceSink(mergeCombiners), options));
  });
}

function reduced(results: readonly unknown[]): unknown[] {
  return (results as readonly Reduced[]).flatMap((result) => (result.empty ? [] : [result.value]));
}

/** How many groups there are after each level on the executors: a level is worth it where it saves more than it has tasks (Spark's rule). */
function levels(partitions: number, depth: number): number[] {
  const scale = Math.max(2, Math.ceil(partitions ** (1 / depth)));
  const counts: number[] = [];
  for (let left = partitions; left > scale + Math.ceil(left / scale);) {
    left = Math.floor(left / scale);
    counts.push(left);
  }
  return counts;
}

/** Each group a partition of its number. */
function byGroup(groups: number): Partitioner {
  const itself = (group: number): number => group;
  return customPartitioner(itself, pureFunction(itself), groups);
}
