import { systemTimers } from "@gloam/common";
import { countSink, statsSink, type KernelDescription } from "@gloam/plan";
import { checkNumber, invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";
import { approximateJob } from "./approximate-job.ts";
import { countEvaluator, meanEvaluator, sumEvaluator, type Evaluator } from "./evaluators.ts";
import type { BoundedNumber, PartialResult } from "./partial-result.ts";

/** Options of `countApprox`, `sumApprox` and `meanApprox`. */
export interface ApproximateOptions extends ActionOptions {
  /** Probability with which the number lies between the bounds, above 0 and below 1; 0.95 when left out. */
  readonly confidence?: number | undefined;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The number of elements, about, after `timeout` milliseconds at the latest: estimated from the partitions that are through
     * by then, as if they were a random part of all. The job goes on and gives the exact number in the end; `cancel` of the
     * result, its signal, or its group end it before.
     *
     * @throws GloamError as `count` does, for what happens before the time is over
     *
     * @example
     * const { initialValue, isInitialValueFinal } = await gc.range(10).countApprox(60_000);
     * [initialValue.mean, isInitialValueFinal]; // [10, true]
     */
    countApprox(timeout: number, options?: ApproximateOptions): Promise<PartialResult<BoundedNumber>>;

    /**
     * The sum of the numbers, about, after `timeout` milliseconds at the latest: see `countApprox`.
     *
     * @throws GloamError as `sum` does, for what happens before the time is over
     *
     * @example
     * const partial = await gc.range(5).sumApprox(60_000, { confidence: 0.99 });
     * (await partial.finalValue).mean; // 10
     */
    sumApprox(this: Rdd<number>, timeout: number, options?: ApproximateOptions): Promise<PartialResult<BoundedNumber>>;

    /**
     * The mean of the numbers, about, after `timeout` milliseconds at the latest: see `countApprox`.
     *
     * @throws GloamError as `mean` does, for what happens before the time is over
     *
     * @example
     * (await gc.range(5).meanApprox(60_000)).initialValue; // { mean: 2, confidence: 1, low: 2, high: 2 }
     */
    meanApprox(this: Rdd<number>, timeout: number, options?: ApproximateOptions): Promise<PartialResult<BoundedNumber>>;
  }
}

Rdd.prototype.countApprox = async function (this: Rdd<unknown>, timeout: number, options?: ApproximateOptions) {
  return estimate(new Operation(this.context, "countApprox"), this, countSink(), countEvaluator, timeout, options);
};

Rdd.prototype.sumApprox = async function (this: Rdd<number>, timeout: number, options?: ApproximateOptions) {
  return estimate(new Operation(this.context, "sumApprox"), this, statsSink(), sumEvaluator, timeout, options);
};

Rdd.prototype.meanApprox = async function (this: Rdd<number>, timeout: number, options?: ApproximateOptions) {
  return estimate(new Operation(this.context, "meanApprox"), this, statsSink(), meanEvaluator, timeout, options);
};

function estimate(
  operation: Operation,
  rdd: Rdd<unknown>,
  sink: KernelDescription,
  evaluator: (confidence: number) => Evaluator,
  timeout: number,
  { confidence = 0.95, ...options }: ApproximateOptions = {},
): Promise<PartialResult<BoundedNumber>> {
  checkNumber(operation, "timeout", timeout, 0, longestTimeout);
  checkNumber(operation, "confidence", confidence, 0, 1);
  if (confidence === 0 || confidence === 1) throw invalid(operation, "confidence must lie between 0 and 1");
  const { jobs } = rdd.context;
  const { node } = rdd;
  const job = {
    run: (
      own: ActionOptions,
      onTotal: (total: number) => void,
      onResult: (partition: number, value: unknown) => void,
    ): Promise<void> =>
      jobs.holding(node, async () => {
        onTotal(await jobs.partitionCount(operation, node, own));
        await jobs.run(operation, node, sink, onResult, own);
      }),
  };
  return approximateJob(job, evaluator(confidence), timeout, options, systemTimers);
}

/** Milliseconds that a timer of the engine can wait. */
const longestTimeout = 2 ** 31 - 1;
