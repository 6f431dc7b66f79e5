import type { Clock } from "@gloam/common";

/** Milliseconds that an agent is left alone after the first failed start; doubled with each. */
const firstPause = 10_000;
const longestPause = 600_000;

/** Agents on which executors fail to start: left alone for a while, longer each time. */
export class FailingAgents {
  readonly #clock: Clock;
  readonly #agents = new Map<string, { failures: number; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A start failed there. Several that were under way at once count as one. */
  failed(agent: string): void {
    if (this.pause(agent) > 0) return;
    const failures = (this.#agents.get(agent)?.failures ?? 0) + 1;
    const pause = Math.min(longestPause, firstPause * 2 ** (failures - 1));
    this.#agents.set(agent, { failures, until: this.#clock.now() + pause });
  }

  worked(agent: string): void {
    this.#agents.delete(agent);
  }

  /** Milliseconds that it is to be left alone yet; 0 for one that may be used. */
  pause(agent: string): number {
    return Math.max(0, (this.#agents.get(agent)?.until ?? 0) - this.#clock.now());
  }
}
