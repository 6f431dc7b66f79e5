/** Stages, task sets, retries, locality, commits: a pure machine and its backend port. */
export type * from "./cluster-backend.ts";
export type * from "./graph.ts";
export { checkInvariants } from "./invariants.ts";
export type * from "./messages.ts";
export type {
  ClusterCapacity,
  ExclusionOptions,
  LocalityOptions,
  PoolOptions,
  SchedulerOptions,
  SchedulingMode,
  SkewOptions,
  SpeculationOptions,
} from "./options.ts";
export { workStatus, type StageStatus, type WorkStatus } from "./work-status.ts";
export { createScheduler, type Scheduler, type SchedulerState } from "./scheduler.ts";
