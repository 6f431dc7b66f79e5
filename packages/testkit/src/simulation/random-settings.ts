import type { AllocationOptions } from "@gloam/cluster/parts";
import type { Random } from "@gloam/common";
import type { SchedulerOptions } from "@gloam/scheduler";
import { oneOf } from "@gloam/scheduler/testing";

/** What is the same throughout a simulation. Times are in milliseconds. */
export interface SimulationSettings {
  /** That there are to begin with, and for ever where there is no allocation. */
  readonly executors: number;
  readonly allocation: AllocationOptions | undefined;
  readonly workers: number;
  readonly tasksPerWorker: number;
  readonly heartbeatInterval: number;
  readonly driverLostTimeout: number;
  readonly executorTimeout: number;
  /** How often a task throws. */
  readonly exceptions: number;
  /** How often something goes wrong, as a factor. */
  readonly trouble: number;
  /** Failed starts in a row after which the fleet gives up. */
  readonly mostFailures: number;
  /** Bytes of one job's results together; 0 is no limit. */
  readonly maxResultBytes: number;
  /** Bytes and results that are fetched at a time. */
  readonly fetching: { readonly mostBytes: number; readonly mostResults: number };
  readonly scheduler: SchedulerOptions;
}

export function randomSettings(random: Random): SimulationSettings {
  const [executors, workers, tasksPerWorker] = [1 + random.nextInt(4), 1 + random.nextInt(2), 1 + random.nextInt(3)];
  const allocation = random.next() < 0.3 ? randomAllocation(random, workers * tasksPerWorker) : undefined;
  return {
    executors: allocation === undefined ? executors : allocation.initialExecutors,
    allocation,
    workers,
    tasksPerWorker,
    heartbeatInterval: 1000,
    driverLostTimeout: 3000 + random.nextInt(2000),
    executorTimeout: 3000 + random.nextInt(2000),
    exceptions: oneOf(random, [0, 0.02, 0.1]),
    trouble: oneOf(random, [0.2, 0.5, 1, 2]),
    mostFailures: oneOf(random, [5, 1000, 1000, 1000]),
    maxResultBytes: oneOf(random, [0, 0, 0, 0, 200]),
    fetching: { mostBytes: 50 + random.nextInt(500), mostResults: 1 + random.nextInt(3) },
    scheduler: {
      ...randomOptions(random),
      capacity: {
        executors: allocation?.maxExecutors ?? executors,
        ...{ threads: workers, memory: 1, slotsPerThread: tasksPerWorker },
      },
      barrierWait: 5000,
    },
  };
}

function randomAllocation(random: Random, placesPerExecutor: number): AllocationOptions {
  const maxExecutors = 1 + random.nextInt(5);
  const minExecutors = random.nextInt(maxExecutors + 1);
  return {
    minExecutors,
    initialExecutors: Math.max(1, minExecutors),
    maxExecutors,
    placesPerExecutor,
    executorIdleTimeout: 200 + random.nextInt(3000),
    schedulerBacklogTimeout: 50 + random.nextInt(500),
    decommissionTimeout: 1000 + random.nextInt(10_000),
  };
}

function randomOptions(random: Random): SchedulerOptions {
  return {
    maxTaskFailures: oneOf(random, [1, 4, 1000]),
    maxStageAttempts: oneOf(random, [2, 4, 1000]),
    mode: oneOf(random, ["fifo", "fair"]),
    pools: [{ name: "one", weight: 2, minShare: 1, mode: oneOf(random, ["fifo", "fair"]) }],
    locality: { process: random.nextInt(300), node: random.nextInt(300) },
    speculation: random.next() < 0.5 ? { multiplier: 1, quantile: 0.3, interval: 500, minimumRuntime: 50 } : undefined,
    exclusion: random.next() < 0.3 ? { failuresPerExecutor: 2 + random.nextInt(5), timeout: 2000 } : undefined,
    executorWait: oneOf(random, [undefined, 5000]),
  };
}
