import type { CommandInfo, ContainerInfo, ExecutorInfo, Labels, Offer, Resource, TaskInfo } from "@gloam/mesos";
import { encodeLaunchSettings, type LaunchSettings } from "@gloam/protocol";

/** What all executors of an application have in common: plain data. */
export interface ExecutorTemplate {
  /** Of the application, for whoever looks at the cluster. */
  readonly name: string;
  /** How the Mesos executor is started on an agent. */
  readonly command: CommandInfo;
  readonly container?: ContainerInfo | undefined;
  readonly labels?: Labels | undefined;
  /** Milliseconds in which an executor that an agent tells to go gives its blocks away. */
  readonly killGrace: number;
}

/** The Mesos executor that starts an application's executors on one agent. All its tasks have to name it in the same words. */
export function supervisorInfo(
  { name, command, container, labels }: ExecutorTemplate,
  { id, resources }: { readonly id: string; readonly resources: readonly Resource[] },
): ExecutorInfo {
  return {
    type: "CUSTOM",
    executor_id: { value: id },
    name: `${name} on this agent`,
    source: name,
    command,
    resources,
    ...(container && { container }),
    ...(labels && { labels }),
  };
}

/** A Mesos task that is one executor of Gloam. The secret in its settings is in `data`, which no one but the agent's root can read. */
export function executorTask(
  { name, labels, killGrace }: ExecutorTemplate,
  {
    id,
    offer,
    supervisor,
    resources,
    settings,
  }: {
    readonly id: string;
    readonly offer: Offer;
    readonly supervisor: ExecutorInfo;
    readonly resources: readonly Resource[];
    readonly settings: LaunchSettings;
  },
): TaskInfo {
  return {
    name: `${name} ${settings.executor}`,
    task_id: { value: id },
    agent_id: offer.agent_id,
    executor: supervisor,
    resources,
    data: Buffer.from(encodeLaunchSettings(settings)).toString("base64"),
    kill_policy: { grace_period: { nanoseconds: Math.round(killGrace) * 1_000_000 } },
    ...(labels && { labels }),
  };
}

/** Address that the agent of an offer is reached at. */
export function hostOf({ hostname, url }: Offer): string {
  return url?.address.ip ?? hostname;
}
