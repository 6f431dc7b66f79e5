import { systemClock, type Configuration } from "@gloam/common";
import { divideMemory } from "@gloam/executor";
import { ClusterDriver } from "../cluster-driver.ts";
import { allocationOptions } from "../allocation-options.ts";
import { blockCompression } from "../block-compression.ts";
import { processEvents, stopAtProcessEnd } from "../process-end.ts";
import { UserModules } from "../modules/user-modules.ts";
import { progressBars } from "../progress-bars-of.ts";
import { schedulerOptions } from "../scheduler-options.ts";
import type { BackendModule } from "../threaded/backend-module.ts";
import { ThreadedScheduling } from "../threaded/threaded-scheduling.ts";
import { tlsSettings } from "../tls-settings.ts";
import type { ProcessBackendOptions } from "./process-backend.ts";
import type { ProcessMaster } from "./process-master.ts";

/** The module that makes the backend of processes in the scheduling thread. */
const processBackend: BackendModule = {
  module: "@gloam/cluster/processes",
  export: "createProcessBackend",
  options: {},
};

/**
 * A driver whose executors are processes of this machine. Connections and scheduler are in a thread of their own; this one loads
 * nothing of them. Another `backend` is given the same options beside its own: what it is made of in tests.
 * @throws GloamError `GLOAM_CONF_INVALID` for too little memory, for fewer executors at most than at least, for
 *   certificates that cannot be used, and for a compression that this Node.js has not.
 */
export function createProcessDriver(
  configuration: Configuration,
  { executors, slots, memoryBytes }: ProcessMaster,
  backend = processBackend,
): ClusterDriver {
  const memoryFraction = configuration.get("memory.fraction");
  // Too little memory is said here, where there is somebody to tell.
  divideMemory(memoryBytes, slots, memoryFraction);
  const scheduler = schedulerOptions(configuration);
  const timeout = configuration.get("network.timeout");
  const decommissionTimeout = timerOf(configuration.get("executor.decommission.forceKillTimeout"));
  const isDynamic = configuration.get("dynamicAllocation.enabled");
  // Tasks that wait behind others in an executor are not there for one that comes later.
  const tasksPerWorker = scheduler.mode === "fair" || isDynamic ? 2 : 8;
  const allocation = isDynamic
    ? { ...allocationOptions(configuration, executors), placesPerExecutor: slots * tasksPerWorker, decommissionTimeout }
    : undefined;
  const mostExecutors = allocation?.maxExecutors ?? executors;
  const options: ProcessBackendOptions = {
    executors: allocation ?? executors,
    settings: {
      slots,
      tasksPerWorker,
      memoryBytes,
      memoryFraction,
      storageFraction: configuration.get("memory.storageFraction"),
      freeze: configuration.get("debug.freeze"),
      sourceMaps: process.sourceMapsEnabled,
      heartbeatInterval: configuration.get("executor.heartbeatInterval"),
      driverLostTimeout: timeout,
      compression: blockCompression(configuration),
      decommissionTimeout,
    },
    localDirectory: configuration.get("local.dir"),
    executorTimeout: timeout,
    tls: tlsSettings(configuration, systemClock.now()),
  };
  const modules = new UserModules();
  const scheduling = new ThreadedScheduling({
    backend: { ...backend, options: { ...(backend.options as object), ...options } },
    scheduler,
    maxResultBytes: configuration.get("driver.maxResultSize"),
    gatherModules: (functions) => modules.gather(functions),
  });
  let release: () => void = () => undefined;
  const driver = new ClusterDriver({
    scheduling,
    defaultParallelism: configuration.get("default.parallelism") || mostExecutors * slots,
    bars: progressBars(configuration.get("progress")),
    onBusy: (busy) => scheduling.reference(busy),
    onStopped: () => release(),
  });
  release = stopAtProcessEnd(processEvents, {
    stop: () => driver.stop(),
    abandon: () => driver.abandon(),
    // Executors notice that this process is gone, and remove what they have.
    removeFiles: () => undefined,
  });
  return driver;
}

/** Whole milliseconds that a timer can be set for: it would ring at once for more. */
function timerOf(duration: number): number {
  return Math.min(2 ** 31 - 1, Math.ceil(duration));
}
