import type { Clock } from "@gloam/common";

/** Milliseconds that an agent is left alone after the first failed start; doubled with each. */
const firstPause = 10_000;
const longestPause = 600_000;

/** Agents on which executors fail to start: left alone for a while, longer each time. */
export class FailingAgents {
  readonly #clock: Clock;
  readonly #agents = new Map<string, { failures: number; at: number; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * An executor that was started at `since` has failed. All that were running when the last one failed count as one failure with it:
   * they end together, with their Mesos executor, or of the same cause.
   * @returns Whether it is a failure of its own.
   */
  failed(agent: string, since: number): boolean {
    const known = this.#agents.get(agent);
    if (known !== undefined && since <= known.at) return false;
    const failures = (known?.failures ?? 0) + 1;
    const pause = Math.min(longestPause, firstPause * 2 ** (failures - 1));
    const now = this.#clock.now();
    this.#agents.set(agent, { failures, at: now, until: now + pause });
    return true;
  }

  worked(agent: string): void {
    this.#agents.delete(agent);
  }

  /** Milliseconds that it is to be left alone yet; 0 for one that may be used. */
  pause(agent: string): number {
    return Math.max(0, (this.#agents.get(agent)?.until ?? 0) - this.#clock.now());
  }
}
