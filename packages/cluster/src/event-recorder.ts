import type { AccumulatorUpdate, SerializedError, TaskEndEvent, TaskFailureSummary, TaskMetrics } from "@gloam/common";
import { decodeUpdates } from "@gloam/plan";
import type {
  SchedulerEvent,
  SchedulerInstruction,
  TaskFailure,
  TaskId,
  TaskLaunch,
  TaskOutcome,
} from "@gloam/scheduler";
import type { ReportedResult } from "./reported-result.ts";
import type { SchedulingEvent } from "./scheduling-event.ts";

/** A task that started while somebody listened. */
interface RecordedTask {
  readonly launch: TaskLaunch;
  startedAt: number;
  /** Nobody wants it any more. */
  killed: boolean;
}

/**
 * Makes events for listeners of what the scheduler is told and says. Made when somebody begins to listen: what began before is
 * not told of. Each event of the scheduler's is to be shown before the scheduler handles it, its instructions when they are carried out.
 */
export class EventRecorder {
  readonly #tell: (event: SchedulingEvent) => void;
  readonly #tasks = new Map<TaskId, RecordedTask>();
  #time = 0;

  constructor(tell: (event: SchedulingEvent) => void) {
    this.#tell = tell;
  }

  happens(event: SchedulerEvent): void {
    const { time } = event;
    this.#time = time;
    switch (event.type) {
      case "taskStarted": {
        const task = this.#tasks.get(event.task);
        if (task !== undefined) task.startedAt = time;
        return;
      }
      case "taskFinished":
        return this.#end(event.task, "succeeded", undefined, event.outcome, event.accumulators);
      case "taskFailed":
        return this.#fail(event.task, event.failure);
      case "executorAdded": {
        const { executor, host, slots } = event;
        return this.#tell({ type: "executorAdded", time, executor, host, slots });
      }
      case "executorLost": {
        const { executor, reason } = event;
        for (const [id, { launch }] of this.#tasks) {
          if (launch.executor === executor) this.#end(id, "failed", { kind: "executorLost", message: reason });
        }
        return this.#tell({ type: "executorRemoved", time, executor, reason });
      }
      case "workerLost":
        for (const [id, { launch }] of this.#tasks) {
          if (launch.executor !== event.executor || launch.slot !== event.slot) continue;
          if (event.task === undefined || event.task === id) this.#fail(id, { kind: "workerLost", error: event.error });
        }
        return undefined;
      case "blocksAdded":
        return this.#blocks("blocksAdded", event.blocks);
      case "blocksLost":
        return this.#blocks("blocksRemoved", event.blocks);
      case "blocksMoved": {
        const cached = event.moves.flatMap((move) => (move.kind === "cached" ? [move] : []));
        this.#blocks("blocksAdded", cached.map(({ block, to }) => ({ ...block, executor: to }))); // prettier-ignore
        return this.#blocks("blocksRemoved", cached.map(({ block }) => block)); // prettier-ignore
      }
      case "blockReplicated": {
        const { block, copy } = event.replica;
        return copy && this.#blocks("blocksAdded", [{ ...block, executor: copy.executor }]);
      }
      default:
        return undefined;
    }
  }

  isDone(instruction: SchedulerInstruction): void {
    const time = this.#time;
    switch (instruction.type) {
      case "launchTask": {
        const { launch } = instruction;
        const { task, stage, partition, attempt, executor } = launch;
        this.#tasks.set(task, { launch, startedAt: time, killed: false });
        return this.#tell({ type: "taskStart", time, task, stage, partition, attempt, executor });
      }
      case "killTask": {
        const task = this.#tasks.get(instruction.task);
        if (task !== undefined) task.killed = true;
        return;
      }
      case "stageStarted": {
        const { stage, attempt, kind, node, tasks, jobs } = instruction;
        return this.#tell({ type: "stageSubmitted", time, stage, attempt, kind, node, tasks, jobs });
      }
      case "stageFinished": {
        const { stage, attempt, succeeded } = instruction;
        return this.#tell({ type: "stageCompleted", time, stage, attempt, succeeded });
      }
      case "dropCachedBlocks":
        return this.#blocks("blocksRemoved", instruction.blocks);
      default:
        return undefined;
    }
  }

  #fail(id: TaskId, failure: TaskFailure): void {
    if (failure.kind === "killed") return this.#end(id, "killed");
    const message = "error" in failure ? messageOf(failure.error) : undefined;
    this.#end(id, "failed", { kind: failure.kind, message });
  }

  #end(
    id: TaskId,
    ended: TaskEndEvent["outcome"],
    failure?: TaskFailureSummary,
    result?: TaskOutcome,
    accumulators?: unknown,
  ): void {
    const recorded = this.#tasks.get(id);
    // It started before anybody listened, or this is a repetition.
    if (recorded === undefined) return;
    this.#tasks.delete(id);
    const { launch, startedAt, killed } = recorded;
    const { task, stage, partition, attempt, executor } = launch;
    const time = this.#time;
    const outcome = killed ? "killed" : ended;
    this.#tell({
      type: "taskEnd",
      ...{ time, task, stage, partition, attempt, executor, outcome },
      ...(failure === undefined || outcome !== "failed" ? {} : { failure }),
      ...(accumulators === undefined || outcome !== "succeeded" ? {} : { accumulators: updatesOf(accumulators) }),
      metrics: { duration: time - startedAt, ...bytesOf(result) },
    });
  }

  #blocks(
    type: "blocksAdded" | "blocksRemoved",
    blocks: readonly { readonly node: number; readonly partition: number; readonly executor: string }[],
  ): void {
    if (blocks.length === 0) return;
    const told = blocks.map(({ node, partition, executor }) => ({ rdd: node, partition, executor }));
    this.#tell({ type, time: this.#time, blocks: told });
  }
}

/** Whoever made the accumulators knows their names. */
function updatesOf(encoded: unknown): AccumulatorUpdate[] {
  return decodeUpdates(encoded as Uint8Array).map(([id, value]) => ({ id, name: undefined, value }));
}

function bytesOf(result: TaskOutcome | undefined): Omit<TaskMetrics, "duration"> {
  const isMapOutput = result?.kind === "mapOutput";
  return {
    resultBytes: result?.kind === "result" ? (result.value as ReportedResult).bytes.byteLength : undefined,
    shuffleBytesWritten: isMapOutput ? result.sizes.reduce((sum, bytes) => sum + bytes, 0) : undefined,
  };
}

function messageOf(reported: unknown): string | undefined {
  const error = (reported as { readonly error?: SerializedError } | undefined)?.error;
  if (error === undefined) return undefined;
  return "message" in error ? `${error.name}: ${error.message}` : String(error.value);
}
