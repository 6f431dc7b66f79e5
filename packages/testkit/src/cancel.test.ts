import { GloamContext, type Rdd } from "gloam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** Milliseconds, as promised. A busy machine may delay one attempt; the quickest of three has to keep the promise. */
const limit = 1000;
const attempts = { retry: 2 };

const forever = (): never => {
  for (;;);
};

/** Jobs that never end by themselves, each caught in another place. */
const endless: Readonly<Record<string, (gc: GloamContext, signal: AbortSignal) => Promise<unknown>>> = {
  "a loop over very many elements": (gc, signal) => endlessRange(gc).count({ signal }),
  "a map that never returns": (gc, signal) => small(gc).map(forever).collect({ signal }),
  "a filter that never returns, before a shuffle": (gc, signal) =>
    pairs(gc).filter(forever).reduceByKey(add).collect({ signal }),
  "a flatMap that never returns": (gc, signal) => small(gc).flatMap(forever).count({ signal }),
  "a reduceByKey whose function never returns": (gc, signal) => pairs(gc).reduceByKey(forever).count({ signal }),
  "a sort whose key function never returns": (gc, signal) => small(gc).sortBy(forever).count({ signal }),
  "a sort whose comparator never returns": (gc, signal) =>
    small(gc)
      .sortBy((x) => x, { compare: forever })
      .count({ signal }),
  "a generator that never ends": (gc, signal) =>
    small(gc)
      .mapPartitions(function* () {
        for (;;) yield 1;
      })
      .count({ signal }),
  "a generator that never yields": (gc, signal) =>
    small(gc)
      // oxlint-disable-next-line require-yield -- that is the point
      .mapPartitions(function* () {
        for (;;);
      })
      .count({ signal }),
  "a promise that never settles": (gc, signal) =>
    small(gc)
      .mapAsync(async () => new Promise<number>(() => undefined))
      .count({ signal }),
  "an async function that never returns": (gc, signal) =>
    small(gc)
      .mapAsync(async () => Promise.resolve(forever()))
      .count({ signal }),
  "a worker that sleeps": (gc, signal) =>
    small(gc)
      .map((x) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0) + String(x))
      .count({ signal }),
  "a task that waits for another in a barrier": (gc, signal) =>
    gc
      .range(2, { partitions: 2 })
      .barrier()
      .mapPartitions((_, context) => (context.rank === 0 ? [context.barrier()] : forever()))
      .count({ signal }),
  "tasks of which one waits to receive": (gc, signal) =>
    gc
      .range(2, { partitions: 2 })
      .barrier()
      .mapPartitions((_, context) => (context.rank === 0 ? [context.receive<number>(1)] : forever()))
      .count({ signal }),
  "a forEach that never returns": (gc, signal) => small(gc).forEach(forever, { signal }),
  "a reduce that never returns": (gc, signal) => small(gc).reduce(forever, { signal }),
  "a group that grows": (gc, signal) =>
    endlessRange(gc)
      .map((x) => [x % 7, 1] as const)
      .reduceByKey(add)
      .count({ signal }),
};

const add = (a: number, b: number): number => a + b;
const small = (gc: GloamContext): Rdd<number> => gc.range(0, 100, { partitions: 4 });
const pairs = (gc: GloamContext): Rdd<[number, number]> => small(gc).map((x) => [x % 3, x]);
const endlessRange = (gc: GloamContext): Rdd<number> => gc.range(0, 1e13, { partitions: 4 });
const after = async (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("cancelling", () => {
  let gc: GloamContext;
  beforeAll(async () => {
    gc = new GloamContext({ master: "local[2]" });
    await gc.ready();
  });
  afterAll(() => gc.stop());

  test.each(Object.keys(endless))("%s ends within a second, and the next job runs", attempts, async (name) => {
    const controller = new AbortController();
    const job = endless[name]!(gc, controller.signal);
    const outcome = expect(job).rejects.toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
    await after(200);
    const begin = performance.now();
    controller.abort();
    await outcome;
    expect(performance.now() - begin).toBeLessThan(limit);
    expect(await small(gc).count()).toBe(100);
  });

  test("a signal that is aborted already starts nothing", async () => {
    await expect(small(gc).map(forever).count({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "GLOAM_JOB_CANCELLED",
    });
  });

  test.each<[string, (controller: AbortController) => void]>([
    ["signal", (controller) => controller.abort()],
    ["group", () => gc.cancelJobGroup("mine")],
  ])("a job ends by its %s however soon after its call that comes", async (_, cancel) => {
    for (let ticks = 0; ticks < 16; ticks++) {
      const controller = new AbortController();
      const job = small(gc).map(forever).count({ signal: controller.signal, jobGroup: "mine" });
      const outcome = expect(job).rejects.toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      cancel(controller);
      await outcome;
    }
  });

  test("an aborted signal does not touch other jobs", async () => {
    const controller = new AbortController();
    const job = endlessRange(gc).count({ signal: controller.signal });
    const outcome = expect(job).rejects.toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
    const other = small(gc)
      .map((x) => x + 1)
      .sum();
    controller.abort();
    await outcome;
    expect(await other).toBe(5050);
  });

  test("aborting after the end changes nothing", async () => {
    const controller = new AbortController();
    expect(await small(gc).sum({ signal: controller.signal })).toBe(4950);
    controller.abort();
    expect(await small(gc).sum()).toBe(4950);
  });

  test("a cancelled job leaves its cached and shuffled parents usable", async () => {
    const counts = pairs(gc).reduceByKey(add).cache();
    const controller = new AbortController();
    const job = counts.map(forever).count({ signal: controller.signal });
    const outcome = expect(job).rejects.toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
    await after(100);
    controller.abort();
    await outcome;
    expect((await counts.values().collect()).reduce(add)).toBe(4950);
  });

  test("leaving a loop over an RDD early ends its jobs", async () => {
    for await (const x of small(gc).map((value) => value * 2)) {
      if (x === 10) break;
    }
    expect(await small(gc).count()).toBe(100);
  });
});

test("stopping the context rejects running jobs within a second", attempts, async () => {
  const gc = new GloamContext({ master: "local[2]" });
  const outcomes = [endlessRange(gc).count(), small(gc).map(forever).count()].map(async (job) =>
    expect(job).rejects.toMatchObject({
      code: expect.stringMatching(/GLOAM_(JOB_CANCELLED|CONTEXT_STOPPED)/) as string,
    }),
  );
  await after(300);
  const begin = performance.now();
  await gc.stop();
  await Promise.all(outcomes);
  expect(performance.now() - begin).toBeLessThan(limit);
  expect(() => small(gc)).toThrow("GLOAM_CONTEXT_STOPPED");
  await gc.stop();
});
