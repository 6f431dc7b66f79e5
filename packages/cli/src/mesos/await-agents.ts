import { systemClock, type Clock } from "@gloam/common";

/** How far a cluster has come. */
export interface ClusterReadiness {
  /** Whether the master answers. */
  readonly answers: boolean;
  /** Agents that have registered; undefined when the master shows its state to nobody without credentials. */
  readonly agents: number | undefined;
}

/** What waiting needs. */
export interface AwaitAgentsOptions {
  readonly agents: number;
  /** Asks the master. */
  readonly probe: () => Promise<ClusterReadiness>;
  /** Whether the process has ended: then there is nothing to wait for. */
  readonly hasEnded: () => boolean;
  readonly clock?: Clock;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** A machine under load takes several seconds. */
const masterMilliseconds = 60_000;

/** Agents that were marked gone never register again; whoever restarts their cluster waits this long in vain. */
const agentsMilliseconds = 10_000;

const probeMilliseconds = 50;

/**
 * Waits until the master answers and all agents have registered.
 *
 * @returns how many agents have, or `undefined` when the process ended or the master does not answer. Fewer than there should
 *   be when some do not come.
 */
export async function awaitAgents(options: AwaitAgentsOptions): Promise<number | undefined> {
  const { agents, probe, hasEnded, clock = systemClock, sleep } = options;
  const start = clock.now();
  let answered: number | undefined;
  while (!hasEnded()) {
    const found = await probe();
    const now = clock.now();
    if (found.answers) {
      answered ??= now;
      const registered = found.agents ?? agents;
      if (registered >= agents || now - answered > agentsMilliseconds) return registered;
    } else if (now - start > masterMilliseconds) {
      return undefined;
    }
    await sleep(probeMilliseconds);
  }
  return undefined;
}
