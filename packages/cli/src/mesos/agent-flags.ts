import { GloamError } from "@gloam/common";

/** What differs between the agents of a local cluster. */
export interface AgentDifferences {
  /** How many agents there are. */
  readonly agents: number;
  /** Attributes as Mesos writes them (`rack:a;zone:1`), one text for each agent; the last one also for those that follow. */
  readonly attributes?: readonly string[] | undefined;
  /** Host names, one for each agent; each has the master's address when left out. */
  readonly hostnames?: readonly string[] | undefined;
}

/** What `run_cluster.py` takes: the values of each flag in the order in which they are read. */
export interface AgentFlags {
  readonly count: number;
  readonly flags: Readonly<Record<string, readonly string[]>>;
}

/**
 * The flags that have another value for each agent. Every agent gets an attribute `agent` with its number, from 1 on, so that
 * constraints can tell them apart.
 *
 * @throws GloamError `GLOAM_ARGUMENT_INVALID` when there are not as many host names as agents.
 */
export function agentFlags({ agents, attributes = [], hostnames }: AgentDifferences): AgentFlags {
  if (!Number.isInteger(agents) || agents < 1 || agents > 100) {
    throw new GloamError("GLOAM_ARGUMENT_INVALID", `a local Mesos has 1 to 100 agents, not ${agents}`);
  }
  const numbers = Array.from({ length: agents }, (_, index) => index);
  const flags: Record<string, readonly string[]> = {
    attributes: numbers.map((index) => {
      const own = attributes[Math.min(index, attributes.length - 1)];
      return own === undefined || own === "" ? `agent:${index + 1}` : `agent:${index + 1};${own}`;
    }),
  };
  if (hostnames !== undefined) {
    if (hostnames.length !== agents) {
      throw new GloamError("GLOAM_ARGUMENT_INVALID", `there are ${hostnames.length} host names for ${agents} agents`);
    }
    // The master has a host name too, and reads it before the agents do.
    flags["hostname"] = ["127.0.0.1", ...hostnames];
  }
  return { count: agents, flags };
}
