import { parallelizeNode, rangeNode, unionNode } from "@gloam/plan";
import { checkInteger, checkNumber, invalid, show } from "../arguments.ts";
import { GloamContext } from "../context.ts";
import { otherNode } from "../other-node.ts";
import { raiseFor } from "../raise-for.ts";
import type { Rdd } from "../rdd.ts";
import type { Datum } from "../types.ts";

/** Options of `range`. */
export interface RangeOptions {
  /** Distance between two numbers; 1 when left out. */
  readonly step?: number | undefined;
  /** Number of partitions; `defaultParallelism` when left out. */
  readonly partitions?: number | undefined;
}

declare module "../context.ts" {
  interface GloamContext {
    /**
     * Elements of this program as an RDD. They are snapshotted at the call: changing them later changes nothing.
     *
     * @param elements Anything iterable; plain data.
     * @param partitions Number of partitions; `defaultParallelism` when left out.
     * @throws GloamError `GLOAM_VALUE_NOT_SERIALIZABLE`
     *
     * @example
     * await gc.parallelize(["a", "b", "c"], 2).glom().collect(); // [["a"], ["b", "c"]]
     */
    parallelize<T extends Datum>(elements: Iterable<T>, partitions?: number): Rdd<T>;

    /**
     * The numbers from `start` (0 when left out) to below `end`, made on the executors.
     *
     * @param options `step` (1) may be negative, the numbers then fall to above `end`.
     *
     * @example
     * await gc.range(3).collect(); // [0, 1, 2]
     * await gc.range(1, 10, { step: 4 }).collect(); // [1, 5, 9]
     */
    range(end: number, options?: RangeOptions): Rdd<number>;
    range(start: number, end: number, options?: RangeOptions): Rdd<number>;

    /**
     * An RDD without elements and without partitions.
     *
     * @example
     * await gc.emptyRdd().count(); // 0
     */
    emptyRdd<T = never>(): Rdd<T>;

    /**
     * The elements of several RDDs, one RDD after the other. No shuffle.
     *
     * @example
     * await gc.union([gc.range(2), gc.range(5, 7)]).collect(); // [0, 1, 5, 6]
     */
    union<T>(rdds: readonly Rdd<T>[]): Rdd<T>;
  }
}

GloamContext.prototype.parallelize = function <T extends Datum>(
  this: GloamContext,
  elements: Iterable<T>,
  partitions: number = this.defaultParallelism,
): Rdd<T> {
  const operation = this.operation("parallelize");
  checkInteger(operation, "partitions", partitions, 1);
  if (typeof (elements as Partial<Iterable<T>> | null | undefined)?.[Symbol.iterator] !== "function") {
    throw invalid(operation, `the elements must be an array, or something else to iterate over, not ${show(elements)}`);
  }
  const array = Array.isArray(elements) ? elements : [...elements];
  return operation.rdd(raiseFor(operation, () => parallelizeNode(operation, array, partitions)));
};

GloamContext.prototype.range = function (
  first: number,
  second?: number | RangeOptions,
  third?: RangeOptions,
): Rdd<number> {
  const operation = this.operation("range");
  const [start, end] = typeof second === "number" ? [first, second] : [0, first];
  const { step = 1, partitions = this.defaultParallelism } = (typeof second === "number" ? third : second) ?? {};
  for (const [name, value] of Object.entries({ start, end, step })) checkNumber(operation, name, value);
  if (step === 0) throw invalid(operation, "step must not be 0");
  checkInteger(operation, "partitions", partitions, 1);
  return operation.rdd(rangeNode(operation, { start, end, step }, partitions));
};

GloamContext.prototype.emptyRdd = function <T>(this: GloamContext): Rdd<T> {
  const operation = this.operation("emptyRdd");
  return operation.rdd(unionNode(operation, []));
};

GloamContext.prototype.union = function <T>(this: GloamContext, rdds: readonly Rdd<T>[]): Rdd<T> {
  const operation = this.operation("union");
  return operation.rdd(
    unionNode(
      operation,
      rdds.map((rdd) => otherNode(operation, rdd)),
    ),
  );
};
