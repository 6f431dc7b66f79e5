import type { FrameworkInfo, FrameworkInfoCapabilityType } from "@gloam/mesos";
import type { MesosOptions } from "./mesos-options.ts";

/** The application as masters know it. `id` is that of a framework that is taken over. */
export function frameworkInfo(options: MesosOptions, id: string | undefined): FrameworkInfo {
  const { name, user, roles, checkpoint, failoverTimeout, credential, labels, needs, revocable, address } = options;
  const capabilities: readonly FrameworkInfoCapabilityType[] = [
    "MULTI_ROLE",
    "PARTITION_AWARE",
    "TASK_KILLING_STATE",
    "RESERVATION_REFINEMENT",
    "REGION_AWARE",
    ...(needs.executor.gpus ? (["GPU_RESOURCES"] as const) : []),
    ...(revocable ? (["REVOCABLE_RESOURCES"] as const) : []),
  ];
  return {
    name,
    user,
    roles,
    checkpoint,
    failover_timeout: failoverTimeout / 1000,
    hostname: address.host,
    capabilities: capabilities.map((type) => ({ type })),
    ...(id !== undefined && { id: { value: id } }),
    ...(credential && { principal: credential.principal }),
    ...(labels && { labels }),
  };
}
