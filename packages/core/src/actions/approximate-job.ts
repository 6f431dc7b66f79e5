import type { Timers } from "@gloam/common";
import type { ActionOptions } from "../options.ts";
import type { Evaluator } from "./evaluators.ts";
import type { BoundedNumber, PartialResult } from "./partial-result.ts";

/** A job that gives its partitions' results as they come. */
export interface StartedJob {
  /**
   * Runs it to its end.
   * @param onTotal Told how many partitions there are, before the first result.
   */
  run(
    options: ActionOptions,
    onTotal: (partitions: number) => void,
    onResult: (partition: number, value: unknown) => void,
  ): Promise<void>;
}

/** Runs a job until it ends or the time is over, whichever comes first, and goes on with it behind the result. */
export async function approximateJob(
  job: StartedJob,
  evaluator: Evaluator,
  timeout: number,
  options: ActionOptions,
  timers: Timers,
): Promise<PartialResult<BoundedNumber>> {
  const cancelling = new AbortController();
  const { signal } = options;
  let total: number | undefined;
  const ended = job
    .run(
      { ...options, signal: signal === undefined ? cancelling.signal : AbortSignal.any([signal, cancelling.signal]) },
      (partitions) => (total = partitions),
      (partition, value) => evaluator.merge(partition, value),
    )
    .then(() => evaluator.current(total));
  const inTime = await new Promise<boolean>((resolve) => {
    const stopWaiting = timers.after(timeout, () => resolve(false));
    // Also where it failed: whoever asks for the final value is told.
    const end = (): void => {
      stopWaiting();
      resolve(true);
    };
    ended.then(end, end);
  });
  return {
    initialValue: inTime ? await ended : evaluator.current(total),
    isInitialValueFinal: inTime,
    finalValue: ended,
    cancel: () => cancelling.abort(),
  };
}
