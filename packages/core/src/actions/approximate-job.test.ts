import type { Timers } from "@gloam/common";
import { expect, test } from "vitest";
import type { ActionOptions } from "../options.ts";
import { approximateJob, type StartedJob } from "./approximate-job.ts";
import { countEvaluator } from "./evaluators.ts";

/** A job and a timer that a test moves. */
function story() {
  const state = {
    waiting: 0,
    fire: () => undefined as void,
    onResult: (() => undefined) as (partition: number, value: unknown) => void,
  };
  let finish!: () => void;
  let fail!: (error: Error) => void;
  let given: ActionOptions | undefined;
  const timers: Timers = {
    after(_milliseconds, action) {
      state.waiting++;
      state.fire = action;
      return () => void state.waiting--;
    },
  };
  const job: StartedJob = {
    run(options, onTotal, onResult) {
      given = options;
      onTotal(4);
      state.onResult = onResult;
      return new Promise((resolve, reject) => {
        finish = resolve;
        fail = reject;
        options.signal?.addEventListener("abort", () => reject(new Error("cancelled")));
      });
    },
  };
  const start = (options: ActionOptions = {}) => approximateJob(job, countEvaluator(0.95), 100, options, timers);
  return { state, start, finish: () => finish(), fail: (error: Error) => fail(error), options: () => given };
}

test("a job that ends in time is exact, and its timer is gone", async () => {
  const { state, start, finish } = story();
  const result = start();
  for (const [partition, count] of [1, 2, 3, 4].entries()) state.onResult(partition, count);
  finish();
  const { initialValue, isInitialValueFinal, finalValue } = await result;
  expect([initialValue.mean, initialValue.confidence, isInitialValueFinal]).toEqual([10, 1, true]);
  expect(await finalValue).toEqual(initialValue);
  expect(state.waiting).toBe(0);
});

test("when the time is over there is an estimate, and the job goes on", async () => {
  const { state, start, finish } = story();
  const result = start();
  state.onResult(1, 100);
  state.onResult(3, 120);
  state.fire();
  const { initialValue, isInitialValueFinal, finalValue } = await result;
  expect([initialValue.mean, initialValue.confidence, isInitialValueFinal]).toEqual([440, 0.95, false]);
  expect(initialValue.low).toBeLessThan(440);
  expect(initialValue.high).toBeGreaterThan(440);
  for (const [partition, count] of [1, 2].entries()) state.onResult(2 * partition, count);
  finish();
  expect(await finalValue).toMatchObject({ mean: 223, confidence: 1 });
  expect(initialValue.mean).toBe(440);
});

test("an error before the time is the action's, one after it the final value's", async () => {
  const early = story();
  const result = early.start();
  early.fail(new Error("early"));
  await expect(result).rejects.toThrow("early");
  expect(early.state.waiting).toBe(0);
  const late = story();
  const partial = late.start();
  late.state.fire();
  const { finalValue } = await partial;
  late.fail(new Error("late"));
  await expect(finalValue).rejects.toThrow("late");
});

test("the job can be cancelled, by the result and by the signal, and nobody has to look", async () => {
  const own = story();
  const started = own.start({ jobGroup: "g" });
  expect(own.options()).toMatchObject({ jobGroup: "g" });
  own.state.fire();
  const partial = await started;
  partial.cancel();
  partial.cancel();
  await expect(partial.finalValue).rejects.toThrow("cancelled");
  const outside = story();
  const controller = new AbortController();
  const result = outside.start({ signal: controller.signal });
  controller.abort();
  await expect(result).rejects.toThrow("cancelled");
});
