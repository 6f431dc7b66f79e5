import type { NodeId, ShuffleId } from "@gloam/plan";
import type { BarrierRun } from "./barrier/barrier-run.ts";
import type { GraphIndex } from "./graph-index.ts";
import type { Job } from "./job.ts";
import type { ShuffleOutputs } from "./map-output-tracker.ts";
import type { ExecutorId, JobId, StageId, StageKind, TaskId } from "./messages.ts";
import type { PendingTasks } from "./pending-tasks.ts";
import type { Piece } from "./skew.ts";
import type { StageShape } from "./stage-shape.ts";
import type { Task } from "./task.ts";

/** What becomes of a stage's task results: registered map outputs, or a job's results. */
export type StageOutput =
  | {
      readonly kind: "shuffleMap";
      readonly outputs: ShuffleOutputs;
      readonly orderSensitive: boolean;
    }
  | { readonly kind: "result"; readonly results: JobResults };

/** Which of a job's results have been delivered. */
export interface JobResults {
  readonly job: JobId;
  /** Partitions of the final node, by index. */
  readonly partitions: readonly number[];
  readonly delivered: boolean[];
  /** Results that were delivered before all had to be computed once more: they are not delivered again. */
  readonly before: Set<number>;
  /** Shuffles that the delivered results were computed from. */
  readonly inputs: Set<ShuffleId>;
  /** Results still to come. */
  remaining: number;
}

/**
 * The narrow work that ends in one shuffle's map outputs or in one job's results. It lives while a job needs it:
 * `idle` with nothing to do, `waiting` for other stages' outputs, `active` when its tasks may be launched.
 */
export class Stage {
  readonly id: StageId;
  readonly output: StageOutput;
  readonly kind: StageKind;
  readonly node: NodeId;
  readonly graph: GraphIndex;
  readonly shape: StageShape;
  /** Number of tasks. */
  size: number;
  /** What each task computes, where some compute parts of partitions. */
  pieces: readonly Piece[] | undefined;
  readonly jobs = new Set<Job>();

  status: "idle" | "waiting" | "active" = "idle";
  /** No job needs it any more. */
  discarded = false;
  readonly waitingFor = new Set<Stage>();
  /** Stages that wait for this one. */
  readonly waiters = new Set<Stage>();

  /** Counts activations; -1 before the first. */
  attempt = -1;
  /** Attempts in a row that ended in a failed fetch. */
  fetchFailures = 0;
  /** Where the output was that the last of them could not fetch. */
  fetchFailedAt: ExecutorId | undefined;
  /** Tasks left when this attempt began; how many of them ended well, and how many attempts failed. */
  attemptTasks = 0;
  attemptFinished = 0;
  attemptFailed = 0;

  /** Its tasks run all at once and succeed or fail together; so it is when they compute a barrier and do not find it cached. */
  isBarrier = false;
  /** Its tasks ask for more than a slot. */
  isWide = false;
  /** The attempt of a barrier stage that runs. */
  run: BarrierRun | undefined;
  /** Since when there have been no executors in which a stage has room that asks for more than slots. Milliseconds. */
  lacksRoomSince: number | undefined;

  /** Undefined unless active. */
  pending: PendingTasks | undefined;
  /** Wanted attempts that run, by index. */
  readonly running = new Map<number, Task[]>();
  runningCount = 0;
  /** Attempts launched, by index. */
  readonly launched: number[];
  /** Failures that count, by index. */
  readonly failures = new Map<number, number>();
  /** Failures by index and executor, where exclusion is on. */
  readonly failedOn = new Map<number, Map<ExecutorId, number>>();
  /** Who may commit, by index. */
  readonly committers = new Map<number, TaskId>();
  /** Run times of finished tasks, where speculation is on. Milliseconds. */
  readonly durations: number[] = [];
  /** Since when tasks wait for their location. Milliseconds. */
  waitsSince = 0;
  /** Name of the pool whose share it uses while active. */
  pool = "";

  constructor(id: StageId, output: StageOutput, node: NodeId, graph: GraphIndex, shape: StageShape, size: number) {
    this.id = id;
    this.output = output;
    this.kind =
      output.kind === "result"
        ? { kind: "result", job: output.results.job }
        : { kind: "shuffleMap", shuffle: output.outputs.shuffle };
    this.node = node;
    this.graph = graph;
    this.shape = shape;
    this.size = size;
    this.launched = Array.from<number>({ length: size }).fill(0);
  }

  get complete(): boolean {
    return this.output.kind === "result" ? this.output.results.remaining === 0 : this.output.outputs.complete;
  }

  /** The partition of `node` that a task computes. */
  partition(index: number): number {
    const at = this.pieces === undefined ? index : (this.pieces[index] as Piece).index;
    return this.output.kind === "result" ? (this.output.results.partitions[at] as number) : at;
  }

  /** Has so many tasks from now on, some of which compute parts of partitions. Nothing has run yet. */
  split(pieces: readonly Piece[]): void {
    this.pieces = pieces;
    this.size = pieces.length;
    this.launched.length = 0;
    this.launched.push(...pieces.map(() => 0));
    if (this.output.kind !== "result") return;
    const { results } = this.output;
    results.delivered.length = 0;
    results.delivered.push(...pieces.map(() => false));
    results.remaining = pieces.length;
  }

  isDone(index: number): boolean {
    const { output, run } = this;
    if (run?.results.has(index) === true) return true;
    return output.kind === "result" ? output.results.delivered[index] === true : output.outputs.at(index) !== undefined;
  }

  /** Indices that are neither done nor running. */
  missing(): number[] {
    const missing: number[] = [];
    for (let index = 0; index < this.size; index++) {
      if (!this.isDone(index) && !this.running.has(index)) missing.push(index);
    }
    return missing;
  }
}
