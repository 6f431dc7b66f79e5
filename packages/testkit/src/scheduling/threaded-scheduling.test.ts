import { ThreadedScheduling, type ClusterDriver, type StageEvent } from "@gloam/cluster";
import type { GloamError } from "@gloam/common";
import { parallelizeNode, repartitionNode, type NodeOrigin, type PlanNode } from "@gloam/plan";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Told } from "./answering-backend.ts";
import { directDriver, threadedDriver, type TestDriverOptions } from "./drivers.ts";
import { jobRequest, type JobOptions } from "./job-request.ts";
import { SharedTape } from "./shared-tape.ts";

let ids = 0;
const tapeBytes = 8 * 2 ** 20;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

function origin(operation: string, line: number): NodeOrigin {
  const callSite = { file: "/app/job.ts", line, column: 2 };
  return { operation, callSite, ids: { nextNode: () => ++ids, nextShuffle: () => ++ids } };
}

/** A source with so many partitions. */
function source(partitions: number): PlanNode {
  return parallelizeNode(origin("parallelize", 1), Array.from({ length: partitions }, String), partitions);
}

/** The same dealt out anew. */
function dealt(partitions: number): PlanNode {
  return repartitionNode(origin("repartition", 2), source(partitions), partitions);
}

function started({ make = threadedDriver, ...options }: TestDriverOptions & { make?: typeof threadedDriver } = {}) {
  const tape = new SharedTape(tapeBytes);
  const driver = make({ ...options, backend: { tape: tape.shared, ...options.backend } });
  stops.push(() => driver.stop());
  return { driver, told: () => tape.lines() as Told[] };
}

/** Runs a job; gives its results in the order in which they came. */
async function results(driver: ClusterDriver, node: PlanNode, more?: JobOptions): Promise<[number, unknown][]> {
  const came: [number, unknown][] = [];
  await driver.runJob(await jobRequest(node, { onResult: (...result) => came.push(result), ...more }));
  return came;
}

/** The error of a job. Its promise is watched from now on. */
async function failure(job: Promise<unknown>): Promise<GloamError> {
  return job.then(
    () => expect.unreachable("the job has ended well"),
    (error: unknown) => error as GloamError,
  );
}

function launches(told: readonly Told[]) {
  return told.flatMap((each) => (each.told === "launch" ? [each] : []));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}

/** As a user's program that computes: nothing of this thread goes on. Ends early when the condition holds. */
function compute(milliseconds: number, isEnough: () => boolean = () => false): { from: number; to: number } {
  const now = (): number => performance.timeOrigin + performance.now();
  const from = now();
  while (now() - from < milliseconds && !isEnough());
  return { from, to: now() };
}

describe("a job in another thread", () => {
  test("gives its results in the order in which they came", async () => {
    const { driver, told } = started();
    const came = await results(driver, dealt(7));
    const order = launches(told()).flatMap(({ launch: { stageKind, partition } }) =>
      stageKind.kind === "result" ? [[partition, partition]] : [],
    );
    expect(order).toHaveLength(7);
    expect(came).toEqual(order);
  });

  test("computes the partitions that were asked for", async () => {
    const { driver } = started();
    expect(await results(driver, source(9), { partitions: [7, 2] })).toEqual([
      [0, 7],
      [1, 2],
    ]);
  });

  test("runs beside a hundred others", async () => {
    const { driver, told } = started();
    const shared = dealt(3);
    const jobs = Array.from({ length: 100 }, (_, job) => results(driver, job % 2 === 0 ? shared : dealt(2)));
    for (const [job, came] of (await Promise.all(jobs)).entries()) {
      const partitions = job % 2 === 0 ? [0, 1, 2] : [0, 1];
      expect(came.toSorted(([a], [b]) => a - b)).toEqual(partitions.map((partition) => [partition, partition]));
    }
    // The shuffle that fifty of them read was written once.
    expect(launches(told())).toHaveLength(3 + 50 * 3 + 50 * (2 + 2));
  });

  test.each(["shuffleMap", "result"] as const)("fails as on the driver's thread: %s", async (kind) => {
    const backend = { fails: { kind, partition: 1, operation: 0 } };
    const scheduler = { maxTaskFailures: 2 };
    const [here, there] = await Promise.all(
      [directDriver, threadedDriver].map(async (make) =>
        failure(results(started({ make, backend, scheduler }).driver, dealt(2))),
      ),
    );
    expect(there).toEqual(here);
    expect(there).toMatchObject({
      code: "GLOAM_TASK_FAILED",
      operation: kind === "result" ? "repartition" : "parallelize",
      callSite: { file: "/app/job.ts", line: kind === "result" ? 2 : 1, column: 2 },
      cause: { name: "TypeError", message: "it threw" },
    });
    expect(there?.message).toContain("partition 1, attempt 2");
  });

  test("names the operation that asked for a shuffle when its map side throws", async () => {
    const backend = { fails: { kind: "shuffleMap", partition: 0, operation: 1 } } as const;
    const error = await failure(results(started({ backend, scheduler: { maxTaskFailures: 1 } }).driver, dealt(2)));
    expect(error).toMatchObject({ operation: "repartition", callSite: { line: 2 } });
  });

  test("fails when its results are too large together, also while the program computes", async () => {
    const { driver, told } = started({ backend: { resultBytes: 1000, delay: 2 }, maxResultBytes: 5500 });
    const job = failure(results(driver, source(500)));
    await until(() => launches(told()).length > 0);
    compute(200);
    expect(launches(told()).length).toBeLessThan(20);
    expect(await job).toMatchObject({ code: "GLOAM_RESULT_TOO_LARGE", operation: "collect" });
    expect((await job).message).toContain("6000 bytes, more than the 5500 of driver.maxResultSize");
  });

  test("ends when its caller throws, with what that threw", async () => {
    const { driver } = started();
    const thrown = new Error("enough");
    const onResult = (): never => {
      throw thrown;
    };
    expect(await failure(results(driver, source(50), { onResult }))).toBe(thrown);
  });

  test("fails alone when it cannot be sent", async () => {
    const { driver } = started();
    const unsendable = Object.assign(source(2), { payload: () => () => undefined });
    expect(await failure(results(driver, unsendable))).toMatchObject({ name: "DataCloneError" });
    expect(await results(driver, source(2))).toHaveLength(2);
  });
});

describe("while the program computes", () => {
  test("the tasks of a job go on", async () => {
    const { driver, told } = started({ backend: { delay: 5, slots: 2 } });
    const job = results(driver, repartitionNode(origin("repartition", 2), source(1000), 4));
    await until(() => launches(told()).length > 0);
    const { from, to } = compute(2000);
    const quarters = [0, 0, 0, 0];
    for (const { at } of launches(told()))
      if (at > from && at < to) quarters[Math.floor((4 * (at - from)) / (to - from))]!++;
    // A task takes five milliseconds, and two run at a time; other programs may be busy too.
    for (const tasks of quarters) expect(tasks).toBeGreaterThan(10);
    expect(await job).toHaveLength(4);
  });

  test("what was cancelled before is killed", async () => {
    const { driver, told } = started({ backend: { hangs: true } });
    const controller = new AbortController();
    const job = failure(results(driver, source(4), { signal: controller.signal }));
    await until(() => launches(told()).length === 2);
    controller.abort(new Error("no longer wanted"));
    const kills = (): Told[] => told().filter((each) => each.told === "kill");
    compute(10_000, () => kills().length === 2);
    expect(kills()).toHaveLength(2);
    expect(await job).toMatchObject({ code: "GLOAM_JOB_CANCELLED", callSite: { line: 1 } });
    expect((await job).message).toContain("no longer wanted");
  });

  test("stages are told of once, not as often as they went on", async () => {
    const tape = new SharedTape(tapeBytes);
    const backend = { module: "@gloam/testkit/answering-backend", export: "answeringBackend" };
    const scheduling = new ThreadedScheduling({
      backend: { ...backend, options: { tape: tape.shared, delay: 1 } },
      scheduler: {},
      maxResultBytes: 0,
    });
    stops.push(() => scheduling.stop());
    const events: StageEvent[] = [];
    await scheduling.start((event) => events.push(event));
    const request = await jobRequest(source(600));
    const job = new Promise<void>((resolve, reject) => {
      scheduling.submit(1, request, {
        onResult: () => undefined,
        onAccumulated: () => undefined,
        onFinished: resolve,
        onFailed: () => reject(new Error("it failed")),
      });
    });
    await until(() => events.length > 0);
    const launched = (): number => launches(tape.lines() as Told[]).length;
    compute(20_000, () => launched() === 600);
    expect(launched()).toBe(600);
    const before = events.length;
    await job;
    expect(events[0]).toMatchObject({ type: "stageStarted", tasks: 600 });
    expect(events.at(-1)).toMatchObject({ type: "stageFinished", succeeded: true });
    // One report that was not taken, and what the job's end brings.
    expect(events.length - before).toBeLessThanOrEqual(4);
  });
});

describe("cancelling", () => {
  test("a group, or all jobs", async () => {
    const { driver, told } = started({ backend: { hangs: true, slots: 20 } });
    const groups = ["a", "b", "a"];
    const jobs = groups.map((group) => failure(results(driver, source(2), { properties: { group } })));
    await until(() => launches(told()).length === 6);
    driver.cancelJobGroup("a", "the group was cancelled");
    for (const job of [jobs[0], jobs[2]]) expect(await job).toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
    driver.cancelAllJobs("all were cancelled");
    expect((await jobs[1])?.message).toContain("all were cancelled");
  });

  test("by stopping", async () => {
    const { driver, told } = started({ backend: { hangs: true } });
    const jobs = [source(4), dealt(2)].map((node) => failure(results(driver, node)));
    await until(() => launches(told()).length === 2);
    await driver.stop();
    for (const job of jobs) expect(await job).toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
    expect(told().at(-1)).toMatchObject({ told: "stop" });
    expect(await failure(results(driver, source(1)))).toMatchObject({ code: "GLOAM_CONTEXT_STOPPED" });
    await driver.stop();
  });

  test("not by abandoning, which nobody is left to be told of", async () => {
    const { driver, told } = started({ backend: { hangs: true } });
    let isSettled = false;
    const settled = (): void => void (isSettled = true);
    results(driver, source(4)).then(settled, settled);
    await until(() => launches(told()).length === 2);
    await driver.abandon();
    await sleep(20);
    expect(isSettled).toBe(false);
    expect(told().at(-1)).toMatchObject({ told: "stop" });
  });
});

describe("a thread that breaks down", () => {
  test.each(["launch", "answer", "exit"] as const)(
    "in %s fails all jobs, and lets the driver stop",
    async (throwsIn) => {
      const { driver } = started({ backend: { throwsIn, slots: 1 } });
      const jobs = [source(2), source(2), dealt(2)].map((node) => failure(results(driver, node)));
      const cause = { message: throwsIn === "exit" ? "it exited with code 3" : `the backend cannot ${throwsIn}` };
      for (const job of jobs) {
        expect(await job).toMatchObject({ code: "GLOAM_INTERNAL", cause, operation: "collect", callSite: { line: 1 } });
      }
      expect(await failure(results(driver, source(1)))).toMatchObject({ code: "GLOAM_INTERNAL", cause });
      await driver.stop();
    },
  );

  test("with what its backend throws when it starts", async () => {
    const { driver } = started({ backend: { throwsIn: "start" } });
    const expected = { name: "RangeError", message: "there are no executors" };
    expect(await failure(driver.ready())).toMatchObject(expected);
    expect(await failure(results(driver, source(1)))).toMatchObject(expected);
  });

  test("because there is no such backend", async () => {
    for (const [module, name] of [
      ["@gloam/nowhere", "backend"],
      ["@gloam/common", "backend"],
    ] as const) {
      // prettier-ignore
      const backend = { module, export: name, options: {} };
      const scheduling = new ThreadedScheduling({ backend, scheduler: {}, maxResultBytes: 0 });
      expect((await failure(scheduling.start())).message).toContain(module);
      await scheduling.stop();
    }
  });

  test.each([true, false])(
    "never where it is stopped while it starts, and would start never: %s",
    async (startsNever) => {
      const { driver } = started({ backend: { startsNever } });
      const request = await jobRequest(source(1));
      const ready = driver.ready().catch((error: unknown) => error);
      const job = failure(driver.runJob(request));
      await driver.stop();
      // It may have started before it was stopped.
      const expected = expect.objectContaining({ code: "GLOAM_CONTEXT_STOPPED" }) as unknown;
      expect(startsNever ? [expected] : [expected, undefined]).toContainEqual(await ready);
      expect(await job).toMatchObject({ code: "GLOAM_CONTEXT_STOPPED" });
    },
  );
});
