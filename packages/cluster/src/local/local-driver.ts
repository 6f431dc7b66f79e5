import { GloamError, systemClock, systemTimers, type Configuration } from "@gloam/common";
import { divideMemory } from "@gloam/executor";
import { ScratchDirectory, scratchDirectoryPath } from "@gloam/storage";
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { ClusterDriver } from "../cluster-driver.ts";
import { DirectScheduling } from "../direct-scheduling.ts";
import { processEvents, stopAtProcessEnd } from "../process-end.ts";
import { progressBars } from "../progress-bars-of.ts";
import { schedulerOptions } from "../scheduler-options.ts";
import { LocalBackend } from "./local-backend.ts";

/** Number of threads that a `local`, `local[N]` or `local[*]` master asks for; undefined for other masters. */
function localSlots(master: string): number | undefined {
  if (master === "local") return 1;
  const match = /^local\[(\*|\d+)\]$/.exec(master);
  if (match === null) return undefined;
  return match[1] === "*" ? availableParallelism() : Number(match[1]);
}

/**
 * A driver whose one executor is this process, with a worker thread for each slot.
 * @throws GloamError `GLOAM_MASTER_URL_INVALID`, `GLOAM_SCRATCH_UNUSABLE`
 */
export function createLocalDriver(configuration: Configuration): ClusterDriver {
  const master = configuration.get("master");
  const slots = localSlots(master);
  if (slots === undefined || slots < 1) {
    throw new GloamError("GLOAM_MASTER_URL_INVALID", `'${master}' is no master: there has to be one thread at least`);
  }
  const scratchPath = scratchDirectoryPath(configuration.get("local.dir"), process.pid, randomBytes(6).toString("hex"));
  new ScratchDirectory({ path: scratchPath, prefix: "main" }).probe();
  const memoryBytes = configuration.get("executor.memory");
  const memory = divideMemory(memoryBytes, slots, configuration.get("memory.fraction"));
  const scheduler = schedulerOptions(configuration);
  // Where jobs share threads fairly, a task of another job should not wait behind many.
  const tasksPerWorker = scheduler.mode === "fair" ? 2 : 8;
  const backend = new LocalBackend(
    {
      slots,
      tasksPerWorker,
      memory,
      storageFraction: configuration.get("memory.storageFraction"),
      timers: systemTimers,
      freeze: configuration.get("debug.freeze"),
      scratchPath,
    },
    memoryBytes,
  );
  let release: () => void = () => undefined;
  const driver = new ClusterDriver({
    scheduling: new DirectScheduling({
      backend,
      scheduler: {
        ...scheduler,
        capacity: { executors: 1, threads: slots, memory: memoryBytes, slotsPerThread: tasksPerWorker },
      },
      clock: systemClock,
      timers: systemTimers,
      maxResultBytes: configuration.get("driver.maxResultSize"),
    }),
    defaultParallelism: configuration.get("default.parallelism") || slots,
    bars: progressBars(configuration.get("progress")),
    onBusy: (busy) => backend.reference(busy),
    onStopped: () => release(),
  });
  release = stopAtProcessEnd(processEvents, {
    stop: () => driver.stop(),
    abandon: () => driver.abandon(),
    removeFiles: () => backend.removeFiles(),
  });
  return driver;
}
