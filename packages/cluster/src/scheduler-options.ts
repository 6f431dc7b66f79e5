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
    speculation: configuration.get("speculation")
      ? {
          multiplier: configuration.get("speculation.multiplier"),
          quantile: configuration.get("speculation.quantile"),
        }
      : undefined,
  };
}
