import { GloamError, type Configuration } from "@gloam/common";
import type { AllocationOptions } from "./remote/executor-allocation.ts";

/**
 * What the configuration says of how many executors there are. `executors` is the number that the master names.
 * @throws GloamError `GLOAM_CONF_INVALID` for fewer at most than at least.
 */
export function allocationOptions(
  configuration: Configuration,
  executors: number,
): Omit<AllocationOptions, "placesPerExecutor" | "decommissionTimeout"> {
  const minExecutors = configuration.get("dynamicAllocation.minExecutors");
  const maxExecutors = configuration.get("dynamicAllocation.maxExecutors") || executors;
  if (maxExecutors < minExecutors) {
    throw new GloamError(
      "GLOAM_CONF_INVALID",
      `there cannot be ${maxExecutors} executors at most and ${minExecutors} at least`,
      { hint: "dynamicAllocation.maxExecutors must not be less than dynamicAllocation.minExecutors" },
    );
  }
  return {
    minExecutors,
    initialExecutors: Math.min(
      maxExecutors,
      Math.max(minExecutors, configuration.get("dynamicAllocation.initialExecutors")),
    ),
    maxExecutors,
    executorIdleTimeout: configuration.get("dynamicAllocation.executorIdleTimeout"),
    schedulerBacklogTimeout: configuration.get("dynamicAllocation.schedulerBacklogTimeout"),
  };
}
