import { GloamError } from "@gloam/common";
import { histogramSink } from "@gloam/plan";
import { checkInteger, invalid } from "../arguments.ts";
import { emptyRdd } from "../empty-rdd.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";
import { statsOf } from "./numbers.ts";

/** How many numbers lie in each of a row of buckets. */
export interface Histogram {
  /** The bounds: bucket `i` goes from `buckets[i]` to below `buckets[i + 1]`; the last one has its upper bound too. */
  readonly buckets: readonly number[];
  /** One for each bucket, one fewer than bounds. */
  readonly counts: readonly number[];
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * How many of the numbers lie in each bucket. No shuffle.
     *
     * @param buckets A number of buckets, evenly spaced from the least to the greatest element (one bucket where all are
     * equal): a first job looks for these, so the elements are computed twice unless they are cached. Or ascending bounds,
     * two at least: elements outside of them, and NaN, are not counted. Evenly spaced bounds are found to be so, and cost no
     * search.
     * @throws GloamError `GLOAM_ARGUMENT_INVALID`; `GLOAM_ELEMENT_INVALID` for an element that is no number; for a number of
     * buckets also where an element is NaN or infinite, and `GLOAM_RDD_EMPTY` where there is none
     *
     * @example
     * await gc.range(51).histogram(2); // { buckets: [0, 25, 50], counts: [25, 26] }
     * await gc.range(51).histogram([0, 5, 25, 50]); // { buckets: [0, 5, 25, 50], counts: [5, 20, 26] }
     */
    histogram(this: Rdd<number>, buckets: number | readonly number[], options?: ActionOptions): Promise<Histogram>;
  }
}

Rdd.prototype.histogram = async function (
  this: Rdd<number>,
  buckets: number | readonly number[],
  options?: ActionOptions,
): Promise<Histogram> {
  const operation = new Operation(this.context, "histogram");
  const { jobs } = this.context;
  const { node } = this;
  if (typeof buckets === "number") checkInteger(operation, "the number of buckets", buckets, 1);
  else checkBounds(operation, buckets);
  return jobs.holding(node, async () => {
    const bounds = typeof buckets === "number" ? await evenBounds(operation, this, buckets, options) : [...buckets];
    const parts = (await jobs.results(operation, node, histogramSink(bounds), options)) as number[][];
    const none = new Array<number>(bounds.length - 1).fill(0);
    return {
      buckets: bounds,
      counts: parts.reduce((counts, part) => counts.map((count, i) => count + part[i]!), none),
    };
  });
};

/** @throws GloamError `GLOAM_ARGUMENT_INVALID` */
function checkBounds(operation: Operation, bounds: unknown): void {
  if (!Array.isArray(bounds)) throw invalid(operation, "expected a number of buckets or an array of their bounds");
  if (bounds.length < 2) throw invalid(operation, `buckets need two bounds at least, not ${bounds.length}`);
  const given = bounds as readonly unknown[];
  for (const [i, bound] of given.entries()) {
    if (typeof bound !== "number" || Number.isNaN(bound)) throw invalid(operation, `bound ${i} is no number`);
    if (i > 0 && bound <= (given[i - 1] as number)) {
      throw invalid(operation, `bounds must ascend, but bound ${i}, ${bound}, is no greater than the one before it`);
    }
  }
}

async function evenBounds(
  operation: Operation,
  rdd: Rdd<number>,
  buckets: number,
  options: ActionOptions | undefined,
): Promise<number[]> {
  const { count, min, max } = await statsOf(operation, rdd, options);
  if (count === 0) throw emptyRdd(operation, "there are no numbers between which buckets could lie", "give bounds");
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    throw new GloamError("GLOAM_ELEMENT_INVALID", "an element is NaN or infinite, and no buckets reach that far", {
      operation: operation.operation,
      callSite: operation.callSite,
      hint: "give bounds, or leave such elements out with filter(Number.isFinite)",
    });
  }
  if (min === max) return [min, min];
  // Not by their difference, which is infinite for the largest numbers.
  const bound = (i: number): number => min * (1 - i / buckets) + max * (i / buckets);
  const span = max - min;
  const within = (i: number): number => (Number.isFinite(span) ? min + (i * span) / buckets : bound(i));
  return [...Array.from({ length: buckets }, (_, i) => within(i)), max];
}
