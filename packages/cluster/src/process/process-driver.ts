import { systemClock, type Configuration } from "@gloam/common";
import { divideMemory } from "@gloam/executor";
import { ClusterDriver } from "../cluster-driver.ts";
import { processEvents, stopAtProcessEnd } from "../process-end.ts";
import { UserModules } from "../modules/user-modules.ts";
import { progressBars } from "../progress-bars-of.ts";
import { schedulerOptions } from "../scheduler-options.ts";
import { ThreadedScheduling } from "../threaded/threaded-scheduling.ts";
import { tlsSettings } from "../tls-settings.ts";
import type { ProcessBackendOptions } from "./process-backend.ts";
import type { ProcessMaster } from "./process-master.ts";

/**
 * A driver whose executors are processes of this machine. Connections and scheduler are in a thread of their own; this one loads
 * nothing of them.
 * @throws GloamError `GLOAM_CONF_INVALID` for too little memory, and for certificates that cannot be used.
 */
export function createProcessDriver(
  configuration: Configuration,
  { executors, slots, memoryBytes }: ProcessMaster,
): ClusterDriver {
  const memoryFraction = configuration.get("memory.fraction");
  // Too little memory is said here, where there is somebody to tell.
  divideMemory(memoryBytes, slots, memoryFraction);
  const scheduler = schedulerOptions(configuration);
  const timeout = configuration.get("network.timeout");
  const options: ProcessBackendOptions = {
    executors,
    settings: {
      slots,
      tasksPerWorker: scheduler.mode === "fair" ? 2 : 8,
      memoryBytes,
      memoryFraction,
      storageFraction: configuration.get("memory.storageFraction"),
      freeze: configuration.get("debug.freeze"),
      sourceMaps: process.sourceMapsEnabled,
      heartbeatInterval: configuration.get("executor.heartbeatInterval"),
      driverLostTimeout: timeout,
    },
    localDirectory: configuration.get("local.dir"),
    executorTimeout: timeout,
    tls: tlsSettings(configuration, systemClock.now()),
  };
  const modules = new UserModules();
  const scheduling = new ThreadedScheduling({
    backend: { module: "@gloam/cluster/processes", export: "createProcessBackend", options },
    scheduler,
    maxResultBytes: configuration.get("driver.maxResultSize"),
    gatherModules: (functions) => modules.gather(functions),
  });
  let release: () => void = () => undefined;
  const driver = new ClusterDriver({
    scheduling,
    defaultParallelism: configuration.get("default.parallelism") || executors * slots,
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
