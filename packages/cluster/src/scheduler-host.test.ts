import { VirtualClock } from "@gloam/common";
import type { AccumulatingTask, DriverTraffic } from "@gloam/plan";
import type { ClusterBackend, PreparedTask, ResultGate, StageKind, UntimedEvent } from "@gloam/scheduler";
import { createScheduler } from "@gloam/scheduler";
import { describe, expect, it } from "vitest";
import type { ReportedResult } from "./reported-result.ts";
import { SchedulerHost } from "./scheduler-host.ts";
import type { SchedulingFailure } from "./scheduling.ts";

/** A backend that only remembers what it was told. */
class RecordingBackend implements ClusterBackend {
  readonly launched: PreparedTask[] = [];
  readonly forgotten: number[] = [];
  post: (event: UntimedEvent) => void = () => undefined;
  mayFetch: ResultGate = () => false;
  stopped = false;

  start(post: (event: UntimedEvent) => void, mayFetch: ResultGate): Promise<void> {
    this.post = post;
    this.mayFetch = mayFetch;
    post({ type: "executorAdded", executor: "a", host: "h", slots: 2 });
    return Promise.resolve();
  }
  launch(task: PreparedTask): void {
    this.launched.push(task);
  }
  forgetStages(stages: readonly number[]): void {
    this.forgotten.push(...stages);
  }
  stop(): Promise<void> {
    this.stopped = true;
    return Promise.resolve();
  }
  kill(): void {}
  answerCommit(): void {}
  dropMapOutputs(): void {}
  forgetShuffle(): void {}
  dropCachedBlocks(): void {}
  migrateBlocks(): void {}
  replicateBlock(): void {}
  requestExecutors(): void {}
  addBroadcast(): void {}
  unpersistBroadcast(): void {}
  releaseBroadcasts(): void {}
  traffic(): DriverTraffic {
    return { fetchedBytes: 0, servedBytes: 0 };
  }
  releaseExecutor(): void {}
  executors(): readonly [] {
    return [];
  }
}

interface Hosted {
  readonly host: SchedulerHost;
  readonly backend: RecordingBackend;
  /** Kinds of the stages whose code was asked for. */
  readonly coded: StageKind[];
  readonly submit: () => Outcome;
}

async function host(maxResultBytes = 0): Promise<Hosted> {
  const backend = new RecordingBackend();
  const coded: StageKind[] = [];
  const scheduler = new SchedulerHost({
    scheduler: createScheduler({ maxTaskFailures: 1 }),
    backend,
    clock: new VirtualClock(),
    timers: { after: () => () => undefined },
    code: {
      codeOf: (kind) => {
        coded.push(kind);
        return { bytes: new Uint8Array(), payloads: () => [] };
      },
    },
    maxResultBytes,
  });
  await scheduler.start();
  let job = 0;
  const submit = (): Outcome => {
    const outcome: Outcome = { results: [], accumulated: [], finished: 0, failures: [] };
    const node = { id: 1, partitions: 2, persisted: false, determinism: "determinate", dependencies: [] } as const;
    scheduler.submit(
      ++job,
      { nodes: [node], final: 1, partitions: [0, 1] },
      {},
      {
        onResult: (index, value) => outcome.results.push([index, value]),
        onAccumulated: (source) => outcome.accumulated.push(source),
        onFinished: () => outcome.finished++,
        onFailed: (failure, stage) => outcome.failures.push([failure, stage]),
      },
    );
    return outcome;
  };
  return { host: scheduler, backend, coded, submit };
}

interface Outcome {
  readonly results: [number, ReportedResult][];
  readonly accumulated: AccumulatingTask[];
  finished: number;
  readonly failures: [SchedulingFailure, StageKind | undefined][];
}

/** What a task gives: its partition, in so many bytes. */
function result(partition: number, length = 1): ReportedResult {
  return { bytes: new Uint8Array(length).fill(partition), encoded: false };
}

function finish(backend: RecordingBackend, { launch }: PreparedTask, length?: number): void {
  const value = result(launch.partition, length);
  backend.post({ type: "taskFinished", task: launch.task, outcome: { kind: "result", value } });
}

describe("the scheduler's host", () => {
  it("launches tasks, passes results on and tells the job of its end", async () => {
    const { backend, submit } = await host();
    const outcome = submit();
    for (const task of backend.launched) finish(backend, task);
    expect(outcome).toMatchObject({ results: [[0, result(0)], [1, result(1)]], finished: 1, failures: [] }); // prettier-ignore
  });

  it("tells a job what its tasks added to accumulators", async () => {
    const { backend, submit } = await host();
    const outcome = submit();
    const [first, second] = backend.launched.map(({ launch }) => launch.task);
    const given = { kind: "result", value: result(0) } as const;
    backend.post({ type: "taskFinished", task: second!, outcome: given, accumulators: Uint8Array.of(1) });
    backend.post({ type: "taskFinished", task: second!, outcome: given, accumulators: Uint8Array.of(1) });
    backend.post({ type: "taskFinished", task: first!, outcome: given });
    expect(outcome.accumulated).toEqual([{ kind: "result", index: 1 }]);
  });

  it("makes a stage's code once, and lets executors forget the stages of jobs that have ended", async () => {
    const { backend, coded, submit } = await host();
    submit();
    const stage = backend.launched[0]?.launch.stage ?? -1;
    expect(coded).toEqual([{ kind: "result", job: 1 }]);
    expect(backend.forgotten).toEqual([]);
    for (const task of backend.launched) finish(backend, task);
    expect(backend.forgotten).toEqual([stage]);
    submit();
    expect(coded).toEqual([1, 2].map((job) => ({ kind: "result", job })));
  });

  it("says which stage it was whose failure ended a job", async () => {
    const { backend, submit } = await host();
    const outcome = submit();
    const task = backend.launched[0]!.launch.task;
    backend.post({ type: "taskFailed", task, failure: { kind: "exception", error: "its error" } });
    expect(outcome.failures).toMatchObject([
      [{ kind: "taskFailed", error: "its error" }, { kind: "result", job: 1 }], // prettier-ignore
    ]);
  });

  it("keeps the stage of a shuffle for jobs that were submitted after its first task", async () => {
    const { host: of, backend } = await host();
    const nodes = [
      { id: 1, partitions: 2, persisted: false, determinism: "determinate", dependencies: [] },
      {
        id: 2,
        partitions: 1,
        persisted: false,
        determinism: "determinate",
        dependencies: [{ kind: "shuffle", parent: 1, shuffle: 7, partitions: 1 }],
      },
    ] as const;
    const nothing = (): void => undefined;
    const observer = { onResult: nothing, onAccumulated: nothing, onFinished: nothing, onFailed: nothing };
    const jobs = [1, 2] as const;
    for (const job of jobs) of.submit(job, { nodes, final: 2, partitions: [0] }, {}, observer);
    const stage = backend.launched[0]?.launch.stage ?? -1;
    of.cancel(jobs[0], "enough");
    expect(backend.forgotten).toEqual([]);
    of.cancel(jobs[1], "enough");
    expect(backend.forgotten).toEqual([stage]);
  });

  it("cancels every job, each told once", async () => {
    const { host: of, submit } = await host();
    const outcomes = [submit(), submit()];
    of.cancelAll("enough");
    of.cancelAll("enough");
    expect(outcomes.map(({ failures }) => failures)).toEqual([1, 2].map(() => [[{ kind: "cancelled", reason: "enough" }, undefined]])); // prettier-ignore
  });

  it("cancels a job whose results are too large together, and says how large", async () => {
    const { backend, submit } = await host(100);
    const outcome = submit();
    const [first, second] = backend.launched as [PreparedTask, PreparedTask];
    finish(backend, first, 60);
    expect(outcome).toMatchObject({ results: [[0, {}]], failures: [] });
    finish(backend, second, 41);
    expect(outcome).toMatchObject({ results: [[0, {}]], finished: 0 });
    expect(outcome.failures).toEqual([[{ kind: "resultsTooLarge", bytes: 101, limit: 100 }, undefined]]);
  });

  it("says before a result is fetched whether the job may have it, and fails the job where it may not", async () => {
    const { backend, submit } = await host(100);
    const outcome = submit();
    const [first] = backend.launched as [PreparedTask];
    expect(backend.mayFetch(1, 0, 60)).toBe(true);
    // It could not be fetched, and its partition was computed again.
    expect(backend.mayFetch(1, 0, 70)).toBe(true);
    finish(backend, first, 70);
    expect(outcome.results).toHaveLength(1);
    expect(backend.mayFetch(2, 1, 1)).toBe(false);
    expect(backend.mayFetch(1, 1, 31)).toBe(false);
    expect(outcome.failures).toEqual([[{ kind: "resultsTooLarge", bytes: 101, limit: 100 }, undefined]]);
    expect(backend.mayFetch(1, 1, 1)).toBe(false);
  });

  it("takes events that come while it carries out instructions after those", async () => {
    const { backend, submit } = await host();
    // As when a backend answers at once.
    backend.launch = (task) => finish(backend, task);
    expect(submit()).toMatchObject({ finished: 1, results: [[0, result(0)], [1, result(1)]], failures: [] }); // prettier-ignore
  });

  it("stops its backend", async () => {
    const { host: of, backend } = await host();
    await of.stop();
    expect(backend.stopped).toBe(true);
  });
});
