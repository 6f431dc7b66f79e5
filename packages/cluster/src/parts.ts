/** Parts of a driver, for whoever puts them together otherwise than this package does: simulations. */
export { initialExecutors, type AllocationOptions } from "./remote/executor-allocation.ts";
export type { Fleet, FleetObserver, ProcessEnd } from "./remote/fleet.ts";
export { RemoteBackend, type RemoteBackendOptions } from "./remote/remote-backend.ts";
export type { BlockSource } from "./remote/result-fetcher.ts";
export { SchedulerHost, type StageCodeSource } from "./scheduler-host.ts";
