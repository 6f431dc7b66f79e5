import { FunctionSnapshot, transferSymbol, type CapturedFunction, type Transfer } from "@gloam/closure";
import { accumulatorReviver, checkAddend, type AccumulatorData } from "@gloam/plan";
import type { Accumulators } from "./accumulators.ts";
import type { DriverSum } from "./driver-sum.ts";

/**
 * A sum that tasks add to and the driver reads: `longAccumulator`, `doubleAccumulator`, `collectionAccumulator` and `accumulator` of a
 * context make one. Capture it in functions given to RDDs, and call `add` there; `value` is read in the main program.
 *
 * **What counts.** A task's values travel with its result and count with it: once for each partition of an action, and once for each
 * map partition of a shuffle for as long as the shuffle lives, whatever attempts failed before, ran beside it speculatively, or computed
 * its output anew because an executor was lost. What failed or unneeded attempts added counts nothing. An action that fails or is cancelled
 * has counted the tasks that ended well before.
 *
 * So functions of an action count exactly once. Transformations count as often as their partition is computed for a different reason:
 * once for each action that computes it without a shuffle or a cache in between, again where a cached partition was lost or
 * dropped and another action computes it, and also in the jobs that an operation runs beforehand (`zipWithIndex`).
 * Actions that look at few elements (`take`, `first`) count what they computed.
 *
 * **Order.** Tasks are added up in the order of their partitions, and stages in the order in which the program made them: sums of
 * floats are the same every time, and collections in order. It costs that a value waits in the driver for those of the partitions before.
 *
 * A task's values travel with the report of its end: some MiB in all are well, data belongs into RDDs.
 *
 * @example
 * const empty = gc.longAccumulator("empty lines");
 * await gc.parallelize(["a", "", "b", ""], 2).forEach((line) => { if (line === "") empty.add(1); });
 * empty.value; // 2
 */
export class Accumulator<Added, Value = Added> {
  readonly #data: AccumulatorData;
  readonly #sum: DriverSum;
  readonly #merge: CapturedFunction | undefined;

  /** @internal */
  constructor(accumulators: Accumulators, data: Omit<AccumulatorData, "id">, merge?: CapturedFunction) {
    const { data: whole, sum } = accumulators.create(data);
    this.#data = whole;
    this.#sum = sum;
    this.#merge = merge;
  }

  /** The name that it was given. */
  get name(): string | undefined {
    return this.#data.name;
  }

  /**
   * Adds a value: in a function to the running task's sum, in the main program at once. A few nanoseconds for numbers.
   *
   * @throws GloamError `GLOAM_ARGUMENT_INVALID` for what is no number, or for a `longAccumulator` no safe integer; `GLOAM_NO_TASK` on an
   * executor when the function's task is over.
   */
  add(value: Added): void {
    checkAddend(this.#data, value);
    this.#sum.add(this.#data.kind === "collection" ? [value] : value);
  }

  /**
   * What has been added so far: after an action all that it added, while one runs what has come of it. Not to be changed.
   *
   * @throws GloamError `GLOAM_DRIVER_ONLY` in a function.
   */
  get value(): Value {
    const { value } = this.#sum;
    return (this.#data.kind === "collection" ? [...(value as unknown[])] : value) as Value;
  }

  /**
   * Begins anew from zero. What tasks of running jobs report later is added.
   *
   * @throws GloamError `GLOAM_DRIVER_ONLY` in a function.
   */
  reset(): void {
    this.#sum.reset();
  }

  /** Tasks get a sum of their own. */
  [transferSymbol](): Transfer {
    const { id, kind, name, zero } = this.#data;
    const merge = this.#merge && new FunctionSnapshot(this.#merge);
    return { kind: accumulatorReviver, data: { id, kind, name, zero, merge } };
  }
}
