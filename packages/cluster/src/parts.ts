/** Parts of a driver, for whoever puts them together otherwise than this package does: simulations, and tests with faults. */
export { ProcessBackend } from "./process/process-backend.ts";
export { createProcessDriver } from "./process/process-driver.ts";
export { ProcessFleet, type ProcessFleetOptions } from "./process/process-fleet.ts";
export { processMaster } from "./process/process-master.ts";
export type { AllocationOptions } from "./remote/executor-allocation.ts";
export type { Fleet, FleetObserver, ProcessEnd } from "./remote/fleet.ts";
export type { RemoteOptions } from "./remote/remote-options.ts";
export { RemoteBackend, type RemoteBackendOptions } from "./remote/remote-backend.ts";
export type { BlockSource } from "./remote/result-fetcher.ts";
export { SchedulerHost, type StageCodeSource } from "./scheduler-host.ts";
