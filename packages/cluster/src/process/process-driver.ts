import { decodeValue } from "@gloam/arrow";
import { systemClock, systemTimers, type Configuration } from "@gloam/common";
import { divideMemory } from "@gloam/executor";
import { ClusterDriver } from "../cluster-driver.ts";
import { processEvents, stopAtProcessEnd } from "../process-end.ts";
import { progressBars } from "../progress-bars-of.ts";
import type { ReportedResult } from "../reported-result.ts";
import { schedulerOptions } from "../scheduler-options.ts";
import { ProcessBackend } from "./process-backend.ts";
import type { ProcessMaster } from "./process-master.ts";

/** A driver whose executors are processes of this machine. */
export function createProcessDriver(
  configuration: Configuration,
  { executors, slots, memoryBytes }: ProcessMaster,
): ClusterDriver {
  const memoryFraction = configuration.get("memory.fraction");
  // Too little memory is said here, where there is somebody to tell.
  divideMemory(memoryBytes, slots, memoryFraction);
  const scheduler = schedulerOptions(configuration);
  const backend = new ProcessBackend({
    executors,
    settings: {
      slots,
      tasksPerWorker: scheduler.mode === "fair" ? 2 : 8,
      memoryBytes,
      memoryFraction,
      storageFraction: configuration.get("memory.storageFraction"),
      localDirectory: configuration.get("local.dir"),
      freeze: configuration.get("debug.freeze"),
      sourceMaps: process.sourceMapsEnabled,
      heartbeatInterval: configuration.get("executor.heartbeatInterval"),
      driverLostTimeout: configuration.get("network.timeout"),
    },
    executorTimeout: configuration.get("network.timeout"),
  });
  let release: () => void = () => undefined;
  const driver = new ClusterDriver({
    backend,
    clock: systemClock,
    timers: systemTimers,
    defaultParallelism: configuration.get("default.parallelism") || executors * slots,
    scheduler,
    bars: progressBars(configuration.get("progress")),
    onBusy: (busy) => backend.reference(busy),
    onStopped: () => release(),
    decodeResult: (value) => {
      const { bytes, encoded } = value as ReportedResult;
      return encoded ? decodeValue(bytes) : bytes;
    },
    resultBytes: (value) => (value as ReportedResult).bytes.byteLength,
    maxResultBytes: configuration.get("driver.maxResultSize"),
  });
  release = stopAtProcessEnd(processEvents, {
    stop: () => driver.stop(),
    abandon: () => driver.abandon(),
    removeFiles: () => backend.killAll(),
  });
  return driver;
}
