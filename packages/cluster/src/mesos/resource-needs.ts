import type { ResourceRequest } from "@gloam/mesos";

/** What is taken from offers: MiB of memory and disk. */
export interface ResourceNeeds {
  /** For each executor. */
  readonly executor: ResourceRequest;
  /** For the Mesos executor that starts them, once for each agent: less than Mesos itself advises is refused by some masters. */
  readonly supervisor: ResourceRequest;
}
