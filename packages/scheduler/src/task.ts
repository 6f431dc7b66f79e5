import type { ShuffleId } from "@gloam/plan";
import type { BarrierRun, BarrierRunId } from "./barrier/barrier-run.ts";
import type { Executor } from "./executors.ts";
import type { SlotId, TaskId } from "./messages.ts";
import type { Stage } from "./stage.ts";

/** One attempt of one partition, from its launch until its executor reports its end or is lost. */
export interface Task {
  readonly id: TaskId;
  readonly stage: Stage;
  /** Which of its stage's tasks: the map partition, or the position in the job's list of partitions. */
  readonly index: number;
  /** Zero-based, per index. */
  readonly attempt: number;
  /** The stage's attempt in which it was launched. */
  readonly stageAttempt: number;
  readonly executor: Executor;
  readonly slot: SlotId;
  /** Slots that stay empty while it runs, because it has more than one to itself. */
  readonly kept: readonly SlotId[];
  /** The attempt of its barrier stage. */
  readonly run: BarrierRun | undefined;
  /** The attempt of a barrier that cached blocks come of which it computes from what a barrier gave. */
  readonly origin: BarrierRunId | undefined;
  /** Shuffles that its outcome is computed from: those it fetches, and those behind the cached blocks it uses. */
  readonly reads: readonly ShuffleId[];
  /** Launched beside a slow attempt. */
  readonly speculative: boolean;
  /** Milliseconds; when it was launched, later when it began to run. */
  startedAt: number;
  /** Nobody wants its outcome any more. It still holds its slot. */
  killed: boolean;
  /** Its executor has been told to run it: the event that gave it its slot is over. */
  told: boolean;
}
