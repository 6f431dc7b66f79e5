/** How tasks of different jobs share slots. */
export type SchedulingMode = "fifo" | "fair";

/** A pool of the fair scheduler, as in Spark's `fairscheduler.xml`. */
export interface PoolOptions {
  readonly name: string;
  /** Share of the slots beside other pools. Default 1. */
  readonly weight?: number | undefined;
  /** Slots that the pool gets before others get more. Default 0. */
  readonly minShare?: number | undefined;
  /** How the stages inside the pool share. Default `fifo`. */
  readonly mode?: SchedulingMode | undefined;
}

/** How long a free slot waits for a task that would rather run there. Milliseconds. */
export interface LocalityOptions {
  /** Before a task leaves the executor that holds its data. */
  readonly process: number;
  /** Before it leaves the host that holds its data, after the wait for the process. */
  readonly node: number;
}

/** When a slow task gets a second attempt beside the first. */
export interface SpeculationOptions {
  /** A task is slow when it runs this many times as long as the median of the finished ones. */
  readonly multiplier: number;
  /** Fraction of the stage's tasks that must have finished. */
  readonly quantile: number;
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** No task that has run for a shorter time is slow. Milliseconds. */
  readonly minimumRuntime: number;
}

/** When executors whose tasks fail are left out. */
export interface ExclusionOptions {
  /** Failures of one task on one executor after which it is tried elsewhere, if there is an elsewhere. */
  readonly taskFailuresPerExecutor: number;
  /** Failures within `timeout` on one executor after which it gets no tasks at all. */
  readonly failuresPerExecutor: number;
  /** Milliseconds until an excluded executor is tried again. */
  readonly timeout: number;
}

/** The most that a cluster can have. */
export interface ClusterCapacity {
  readonly executors: number;
  /** Of the largest executor. */
  readonly threads: number;
  /** Of the largest executor, in bytes. */
  readonly memory: number;
  /** Slots that count for one thread. */
  readonly slotsPerThread: number;
}

/** When a partition is computed in parts, because it is much larger than others. */
export interface SkewOptions {
  /** It is so many times as large as the median. */
  readonly factor: number;
  /** And has more bytes than this, which is also what a part has at least. */
  readonly threshold: number;
}

/** Settings of a scheduler; what is left out has Spark's default. */
export interface SchedulerOptions {
  /** Failures of one task that end its job. Default 4; `local[N]` uses 1. */
  readonly maxTaskFailures?: number | undefined;
  /** Attempts of one stage that may fail in a row because inputs could not be fetched. Default 4. */
  readonly maxStageAttempts?: number | undefined;
  /** Default `fifo`. */
  readonly mode?: SchedulingMode | undefined;
  /** Pools with other than default settings. A pool that is not named here has the defaults. */
  readonly pools?: readonly PoolOptions[] | undefined;
  /** Default 3,000 ms each. */
  readonly locality?: Partial<LocalityOptions> | undefined;
  /** Left out: no speculation. Defaults: multiplier 1.5, quantile 0.75, interval 100 ms, minimum 100 ms. */
  readonly speculation?: Partial<SpeculationOptions> | undefined;
  /** Left out: no exclusion. Defaults: 1 per task, 2 per executor, one hour. */
  readonly exclusion?: Partial<ExclusionOptions> | undefined;
  /** Milliseconds that tasks wait for a first executor before their jobs fail. Left out: for ever. */
  readonly executorWait?: number | undefined;
  /** Left out: every partition is computed by one task. */
  readonly skew?: SkewOptions | undefined;
  /** Left out: nobody knows, and stages wait for what they ask for. */
  readonly capacity?: ClusterCapacity | undefined;
  /** Milliseconds that a task of a barrier waits for the others at most. Default: a day. */
  readonly barrierTimeout?: number | undefined;
  /**
   * Milliseconds that a barrier stage, or one whose tasks ask for more than a slot, waits for executors in which it has room. Default: ten
   * minutes.
   */
  readonly barrierWait?: number | undefined;
}

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly maxTaskFailures: number;
  readonly maxStageAttempts: number;
  readonly mode: SchedulingMode;
  readonly pools: readonly PoolOptions[];
  readonly locality: LocalityOptions;
  readonly speculation: SpeculationOptions | undefined;
  readonly exclusion: ExclusionOptions | undefined;
  readonly executorWait: number | undefined;
  readonly skew: SkewOptions | undefined;
  readonly capacity: ClusterCapacity | undefined;
  readonly barrierTimeout: number;
  readonly barrierWait: number;
}

/** Fills in the defaults. */
export function resolveOptions(options: SchedulerOptions): ResolvedOptions {
  return {
    maxTaskFailures: options.maxTaskFailures ?? 4,
    maxStageAttempts: options.maxStageAttempts ?? 4,
    mode: options.mode ?? "fifo",
    pools: options.pools ?? [],
    locality: { process: 3000, node: 3000, ...options.locality },
    speculation: options.speculation && {
      multiplier: 1.5,
      quantile: 0.75,
      interval: 100,
      minimumRuntime: 100,
      ...options.speculation,
    },
    exclusion: options.exclusion && {
      taskFailuresPerExecutor: 1,
      failuresPerExecutor: 2,
      timeout: 3_600_000,
      ...options.exclusion,
    },
    executorWait: options.executorWait,
    skew: options.skew,
    capacity: options.capacity,
    barrierTimeout: options.barrierTimeout ?? 86_400_000,
    barrierWait: options.barrierWait ?? 600_000,
  };
}
