/** Cluster backends: threads of this process, later processes and Mesos. */
export { ClusterDriver, type ClusterDriverOptions } from "./cluster-driver.ts";
export { createDriver } from "./create-driver.ts";
export { DirectScheduling, type DirectSchedulingOptions } from "./direct-scheduling.ts";
export type { ReportedError } from "./driver-error.ts";
export type { ReportedResult } from "./reported-result.ts";
export type { JobObserver, Scheduling, SchedulingFailure, StageEvent } from "./scheduling.ts";
export type { BackendModule } from "./threaded/backend-module.ts";
export { ThreadedScheduling, type ThreadedSchedulingOptions } from "./threaded/threaded-scheduling.ts";
