import { VirtualClock } from "@gloam/common";
import type { ClusterBackend, JobFailure, PreparedTask, UntimedEvent } from "@gloam/scheduler";
import { createScheduler } from "@gloam/scheduler";
import { describe, expect, it } from "vitest";
import { SchedulerHost } from "./scheduler-host.ts";

/** A backend that only remembers what it was told. */
class RecordingBackend implements ClusterBackend {
  readonly launched: PreparedTask[] = [];
  readonly forgotten: number[] = [];
  post: (event: UntimedEvent) => void = () => undefined;
  stopped = false;

  start(post: (event: UntimedEvent) => void): Promise<void> {
    this.post = post;
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
  requestExecutors(): void {}
  releaseExecutor(): void {}
}

async function host(): Promise<{ host: SchedulerHost; backend: RecordingBackend; readonly submit: () => Outcome }> {
  const backend = new RecordingBackend();
  const scheduler = new SchedulerHost({
    scheduler: createScheduler({ maxTaskFailures: 1 }),
    backend,
    clock: new VirtualClock(),
    timers: { after: () => () => undefined },
    code: { codeOf: () => ({ bytes: new Uint8Array(), payloads: () => [] }) },
    onStage: () => undefined,
  });
  await scheduler.start();
  const submit = (): Outcome => {
    const outcome: Outcome = { results: [], finished: 0, failures: [] };
    const node = { id: 1, partitions: 2, persisted: false, determinism: "determinate", dependencies: [] } as const;
    scheduler.submit(
      scheduler.nextJobId(),
      { nodes: [node], final: 1, partitions: [0, 1] },
      {},
      {
        onResult: (index, value) => outcome.results.push([index, value]),
        onFinished: () => outcome.finished++,
        onFailed: (failure) => outcome.failures.push(failure),
      },
    );
    return outcome;
  };
  return { host: scheduler, backend, submit };
}

interface Outcome {
  readonly results: [number, unknown][];
  finished: number;
  readonly failures: JobFailure[];
}

describe("the scheduler's host", () => {
  it("launches tasks, passes results on and tells the job of its end", async () => {
    const { backend, submit } = await host();
    const outcome = submit();
    for (const { launch } of backend.launched) {
      backend.post({ type: "taskFinished", task: launch.task, outcome: { kind: "result", value: launch.partition } });
    }
    expect(outcome).toEqual({ results: [[0, 0], [1, 1]], finished: 1, failures: [] }); // prettier-ignore
  });

  it("lets executors forget the stages of jobs that have ended", async () => {
    const { host: of, backend, submit } = await host();
    submit();
    const stage = backend.launched[0]?.launch.stage ?? -1;
    expect(of.codeOf(stage)).toBeDefined();
    for (const { launch } of backend.launched) {
      backend.post({ type: "taskFinished", task: launch.task, outcome: { kind: "result", value: 0 } });
    }
    expect(backend.forgotten).toEqual([stage]);
    expect(of.codeOf(stage)).toBeUndefined();
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
    const observer = { onResult: () => undefined, onFinished: () => undefined, onFailed: () => undefined };
    const jobs = [of.nextJobId(), of.nextJobId()] as const;
    for (const job of jobs) of.submit(job, { nodes, final: 2, partitions: [0] }, {}, observer);
    const stage = backend.launched[0]?.launch.stage ?? -1;
    of.cancel(jobs[0], "enough");
    expect(backend.forgotten).toEqual([]);
    expect(of.codeOf(stage)).toBeDefined();
    of.cancel(jobs[1], "enough");
    expect(backend.forgotten).toEqual([stage]);
  });

  it("cancels every job, each told once", async () => {
    const { host: of, submit } = await host();
    const outcomes = [submit(), submit()];
    of.cancelAll("enough");
    of.cancelAll("enough");
    expect(outcomes.map(({ failures }) => failures)).toMatchObject([[{ kind: "cancelled" }], [{ kind: "cancelled" }]]);
  });

  it("takes events that come while it carries out instructions after those", async () => {
    const { backend, submit } = await host();
    backend.launch = ({ launch }) => {
      // As when a backend fails a task at once.
      backend.post({ type: "taskFinished", task: launch.task, outcome: { kind: "result", value: launch.partition } });
    };
    expect(submit()).toMatchObject({ finished: 1, results: [[0, 0], [1, 1]] }); // prettier-ignore
  });

  it("stops its backend", async () => {
    const { host: of, backend } = await host();
    await of.stop();
    expect(backend.stopped).toBe(true);
  });
});
