import { systemClock, type Configuration } from "@gloam/common";
import { divideMemory } from "@gloam/executor";
import { ClusterDriver } from "../cluster-driver.ts";
import { blockCompression } from "../block-compression.ts";
import { allocationOptions } from "../allocation-options.ts";
import { UserModules } from "../modules/user-modules.ts";
import { processEvents, stopAtProcessEnd } from "../process-end.ts";
import { progressBars } from "../progress-bars-of.ts";
import type { RemoteOptions } from "./remote-options.ts";
import { schedulerOptions } from "../scheduler-options.ts";
import type { BackendModule } from "../threaded/backend-module.ts";
import { ThreadedScheduling } from "../threaded/threaded-scheduling.ts";
import { tlsSettings } from "../tls-settings.ts";

/** Larger pieces would fill messages. */
const mostPieceBytes = 128 * 1024 * 1024;

/** What a master asks for. */
export interface RemoteMaster {
  /** How many there are, or with dynamic allocation at most. */
  readonly executors: number;
  /** Slots of each executor. */
  readonly slots: number;
  /** Bytes of memory of each executor. */
  readonly memoryBytes: number;
  /** Number of partitions where nobody says another; as many as there are slots when left out. */
  readonly parallelism?: number;
}

/**
 * A driver whose executors are processes of their own. Connections and scheduler are in a thread of their own; this one loads
 * nothing of them. The `backend` is given the same options beside its own.
 * @throws GloamError `GLOAM_CONF_INVALID` for too little memory, for fewer executors at most than at least, for
 *   certificates that cannot be used, and for a compression that this Node.js has not.
 */
export function createRemoteDriver(
  configuration: Configuration,
  { executors, slots, memoryBytes, parallelism }: RemoteMaster,
  backend: BackendModule,
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
  const options: RemoteOptions = {
    executors: allocation ?? executors,
    settings: {
      slots,
      tasksPerWorker,
      memoryBytes,
      memoryFraction,
      storageFraction: configuration.get("memory.storageFraction"),
      compression: blockCompression(configuration),
      freeze: configuration.get("debug.freeze"),
      sourceMaps: process.sourceMapsEnabled,
      heartbeatInterval: configuration.get("executor.heartbeatInterval"),
      driverLostTimeout: timeout,
      decommissionTimeout,
    },
    localDirectory: configuration.get("local.dir"),
    executorTimeout: timeout,
    broadcastPieceBytes: Math.min(configuration.get("broadcast.blockSize"), mostPieceBytes),
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
    defaultParallelism: configuration.get("default.parallelism") || (parallelism ?? mostExecutors * slots),
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
