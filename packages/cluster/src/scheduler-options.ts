import type { Configuration } from "@gloam/common";
import type { SchedulerOptions } from "@gloam/scheduler";

/** What the configuration says of scheduling. */
export function schedulerOptions(configuration: Configuration): SchedulerOptions {
  const wait = configuration.get("locality.wait");
  return {
    maxTaskFailures: configuration.get("task.maxFailures"),
    maxStageAttempts: configuration.get("stage.maxConsecutiveAttempts"),
    mode: configuration.get("scheduler.mode") === "FAIR" ? "fair" : "fifo",
    locality: { process: wait, node: wait },
    skew: {
      factor: configuration.get("shuffle.skew.factor"),
      threshold: configuration.get("shuffle.skew.threshold"),
    },
    barrierTimeout: configuration.get("barrier.sync.timeout"),
    barrierWait: configuration.get("barrier.room.timeout"),
    speculation: configuration.get("speculation")
      ? {
          multiplier: configuration.get("speculation.multiplier"),
          quantile: configuration.get("speculation.quantile"),
        }
      : undefined,
    exclusion: configuration.get("excludeOnFailure.enabled")
      ? {
          taskFailuresPerExecutor: configuration.get("excludeOnFailure.task.maxTaskAttemptsPerExecutor"),
          failuresPerExecutor: configuration.get("excludeOnFailure.application.maxFailedTasksPerExecutor"),
          timeout: configuration.get("excludeOnFailure.timeout"),
        }
      : undefined,
  };
}
