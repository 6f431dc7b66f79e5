import type { ShuffleId } from "@gloam/plan";
import { Alarm } from "./alarm.ts";
import type { BarrierRun } from "./barrier/barrier-run.ts";
import { CachedBlocks } from "./cached-blocks.ts";
import { Exclusion } from "./exclusion.ts";
import { Executors } from "./executors.ts";
import type { Job } from "./job.ts";
import { MapOutputTracker } from "./map-output-tracker.ts";
import type { JobId, SchedulerInstruction, TaskId, TaskLaunch } from "./messages.ts";
import type { ResolvedOptions } from "./options.ts";
import { Pools } from "./pools.ts";
import type { Stage } from "./stage.ts";
import type { Task } from "./task.ts";

/** Everything the machine knows. Only what `handle` calls changes it. */
export class State {
  readonly options: ResolvedOptions;
  /** Of the event being handled. */
  time = 0;
  /** Instructions of the event being handled. */
  out: SchedulerInstruction[] = [];

  readonly jobs = new Map<JobId, Job>();
  jobsSubmitted = 0;
  nextStage = 0;
  nextTask: TaskId = 0;
  /** Live shuffle map stages. */
  readonly mapStages = new Map<ShuffleId, Stage>();
  readonly activeStages = new Set<Stage>();
  /** Stages to be looked at before the event is done: can they run, or whose outputs do they wait for? */
  readonly submissions: Stage[] = [];
  /** Active stages whose figures changed during the event. */
  readonly progressed = new Set<Stage>();
  /** During the event a task ended or a block went that a draining executor may have been waiting for. */
  emptied = false;
  /** Tasks that were given a slot during the event and are to be launched if they are still wanted at its end. */
  readonly launching: { readonly task: Task; readonly launch: TaskLaunch }[] = [];
  /** Attempts that hold a slot. */
  readonly tasks = new Map<TaskId, Task>();
  /** Attempts of barrier stages of which tasks hold slots. */
  readonly barrierRuns = new Set<BarrierRun>();
  nextBarrierRun = 0;
  /** The stage that free slots are kept for, until it has room. */
  keptFor: Stage | undefined;
  /** When a stage has waited too long for executors in which it has room. */
  roomDue = Infinity;

  readonly executors = new Executors();
  readonly exclusion: Exclusion;
  readonly tracker = new MapOutputTracker();
  readonly blocks = new CachedBlocks();
  readonly pools: Pools;
  readonly alarm = new Alarm();

  /** When a task may leave the location it waits for; Infinity where none waits. */
  localityDue = Infinity;
  /** When to look for slow tasks; undefined while no stage is active. */
  speculationDue: number | undefined;
  /** Since when active stages have had no executor. */
  executorlessSince: number | undefined;
  /** Why there will be no more executors than there are. */
  noMoreExecutors: { readonly reason: string; readonly error: unknown } | undefined;
  /** Slots asked for, as the backend knows it. */
  requestedSlots = 0;
  /** Number of the newest `blocksMoved` taken. */
  moveEpoch = -Infinity;

  /** Partitions of nodes of which a second copy is being made. */
  readonly replicating = new Set<string>();
  /** It was said that there is nobody to hold second copies. */
  replicasMissed = false;

  constructor(options: ResolvedOptions) {
    this.options = options;
    this.exclusion = new Exclusion(options.exclusion, this.executors);
    this.pools = new Pools(options.mode, options.pools);
  }

  emit(instruction: SchedulerInstruction): void {
    this.out.push(instruction);
  }
}
