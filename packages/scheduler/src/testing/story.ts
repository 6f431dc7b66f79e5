import { expect } from "vitest";
import type { UntimedEvent } from "../cluster-backend.ts";
import type { JobGraph } from "../graph.ts";
import { checkInvariants } from "../invariants.ts";
import type {
  ExecutorId,
  JobId,
  JobProperties,
  SchedulerInstruction,
  TaskFailure,
  TaskId,
  TaskLaunch,
} from "../messages.ts";
import type { SchedulerOptions } from "../options.ts";
import { createScheduler, type Scheduler } from "../scheduler.ts";

/** What to look for in an instruction or launch: any of its properties, nested. */
type Pattern = Readonly<Record<string, unknown>>;

/**
 * A machine on a virtual clock with a simulated cluster, for tests that read like stories. After every event it checks
 * the machine's invariants, that no slot gets two tasks, and that every launched task finds its inputs.
 */
export class Story {
  readonly scheduler: Scheduler;
  time = 0;
  /** Instructions of the last event. */
  last: SchedulerInstruction[] = [];
  /** Launched tasks whose end has not been told. */
  readonly running = new Map<TaskId, TaskLaunch>();
  readonly killed = new Set<TaskId>();
  /** Delivered results by job. */
  readonly results = new Map<JobId, unknown[]>();
  /** How jobs ended. */
  readonly ends = new Map<JobId, SchedulerInstruction>();
  #timers = new Map<number, number>();
  #jobs = 0;

  constructor(options: SchedulerOptions = {}) {
    this.scheduler = createScheduler(options);
  }

  tell(event: UntimedEvent): SchedulerInstruction[] {
    this.last = this.scheduler.handle({ time: this.time, ...event });
    for (const instruction of this.last) this.#follow(instruction);
    checkInvariants(this.scheduler.state());
    return this.last;
  }

  executor(executor: ExecutorId, slots: number, host = `host-${executor}`): void {
    this.tell({ type: "executorAdded", executor, host, slots });
  }

  loseExecutor(executor: ExecutorId, taskFault = false): void {
    for (const [id, launch] of this.running) if (launch.executor === executor) this.running.delete(id);
    this.tell({ type: "executorLost", executor, reason: "gone", taskFault, error: "gone" });
  }

  submit(graph: JobGraph, properties: JobProperties = {}): JobId {
    const job = this.#jobs++;
    this.tell({ type: "jobSubmitted", job, graph, properties });
    return job;
  }

  cancel(job: JobId): void {
    this.tell({ type: "jobCancelled", job, reason: "enough" });
  }

  /** The one running task that matches, such as `{ node: 2, partition: 0 }`. */
  task(pattern: Pattern): TaskLaunch {
    const found = this.tasks(pattern);
    expect(found, `running tasks like ${JSON.stringify(pattern)}`).toHaveLength(1);
    const [task] = found;
    if (task === undefined) throw new RangeError("no such task");
    return task;
  }

  /** The running tasks that match and are not to be killed. */
  tasks(pattern: Pattern = {}): TaskLaunch[] {
    return [...this.running.values()].filter((launch) => !this.killed.has(launch.task) && matches(launch, pattern));
  }

  /** Ends the one running task that matches well. */
  finish(pattern: Pattern): void {
    this.finishTask(this.task(pattern));
  }

  finishTask({ task, stageKind, node, partition }: TaskLaunch): void {
    this.running.delete(task);
    const outcome =
      stageKind.kind === "result"
        ? ({ kind: "result", value: `${node}/${partition}` } as const)
        : ({ kind: "mapOutput", handle: task, sizes: new Float64Array(0) } as const);
    this.tell({ type: "taskFinished", task, outcome });
  }

  /** Ends the one running task that matches badly. */
  fail(pattern: Pattern, failure: TaskFailure = { kind: "exception", error: "oops" }): void {
    const { task } = this.task(pattern);
    this.running.delete(task);
    this.tell({ type: "taskFailed", task, failure });
  }

  /** Says that the one running task that matches could not fetch what a map task of a shuffle wrote. */
  failFetch(pattern: Pattern, shuffle: number, mapPartition: number, mapTask?: TaskId): void {
    const registered = this.scheduler.mapOutputs(shuffle)[mapPartition]?.task ?? -1;
    this.fail(pattern, { kind: "fetchFailed", shuffle, mapPartition, mapTask: mapTask ?? registered, error: "gone" });
  }

  /** The one running task that matches caches a partition. */
  cache(pattern: Pattern, node: number, slot?: number): void {
    const { task, partition, executor } = this.task(pattern);
    const blocks = [{ node, partition, executor, slot, handle: `${node}/${partition}` }];
    this.tell({ type: "blocksAdded", task, blocks });
  }

  /** Ends tasks well, those that were to be killed as killed, until none runs. */
  runAll(): void {
    for (let [launch] = this.running.values(); launch !== undefined; [launch] = this.running.values()) {
      if (this.killed.has(launch.task)) this.endKilled(launch.task);
      else this.finishTask(launch);
    }
  }

  endKilled(task: TaskId): void {
    this.running.delete(task);
    this.tell({ type: "taskFailed", task, failure: { kind: "killed" } });
  }

  /** Lets time pass, with every timer that rings. */
  wait(milliseconds: number): void {
    const until = this.time + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].sort(([, a], [, b]) => a - b);
      if (next === undefined || next[1] > until) break;
      this.#timers.delete(next[0]);
      this.time = Math.max(this.time, next[1]);
      this.tell({ type: "timerFired", timer: next[0] });
    }
    this.time = until;
  }

  /** The last event led to an instruction like this. */
  did(pattern: Pattern): void {
    expect(
      this.last.some((instruction) => matches(instruction, pattern)),
      `${JSON.stringify(pattern)} among ${JSON.stringify(this.last)}`,
    ).toBe(true);
  }

  didNot(pattern: Pattern): void {
    expect(
      this.last.filter((instruction) => matches(instruction, pattern)),
      `nothing like ${JSON.stringify(pattern)}`,
    ).toEqual([]);
  }

  #follow(instruction: SchedulerInstruction): void {
    switch (instruction.type) {
      case "launchTask": {
        const { launch } = instruction;
        for (const { executor, slot } of this.running.values()) {
          expect(executor === launch.executor && slot === launch.slot, "a slot runs one task").toBe(false);
        }
        for (const shuffle of launch.shuffles) this.scheduler.mapOutputs(shuffle);
        this.running.set(launch.task, launch);
        break;
      }
      case "killTask":
        expect(this.running.has(instruction.task), "only running tasks are killed").toBe(true);
        this.killed.add(instruction.task);
        break;
      case "partitionResult": {
        const results = this.results.get(instruction.job) ?? [];
        expect(results[instruction.index], "a result comes once").toBeUndefined();
        results[instruction.index] = instruction.value;
        this.results.set(instruction.job, results);
        break;
      }
      case "jobFinished":
      case "jobFailed":
        expect(this.ends.has(instruction.job), "a job ends once").toBe(false);
        this.ends.set(instruction.job, instruction);
        break;
      case "setTimer":
        expect(instruction.at).toBeGreaterThanOrEqual(this.time);
        this.#timers.set(instruction.timer, instruction.at);
        break;
      case "grantCommit":
      case "denyCommit":
      case "requestExecutors":
      case "forgetShuffle":
      case "releaseExecutor":
      case "dropMapOutputs":
      case "dropCachedBlocks":
      case "migrateBlocks":
      case "accumulated":
      case "replicateBlock":
      case "replicasMissing":
      case "stageStarted":
      case "stageProgress":
      case "stageFinished":
        break;
    }
  }
}

/** Whether a value has all properties of a pattern, nested. Arrays match arrays of the same length. */
function matches(value: unknown, pattern: unknown): boolean {
  if (typeof pattern !== "object" || pattern === null) return Object.is(value, pattern);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(pattern) && (!Array.isArray(value) || value.length !== pattern.length)) return false;
  return Object.entries(pattern).every(([key, part]) => matches((value as Record<string, unknown>)[key], part));
}
