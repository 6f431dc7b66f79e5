import type { InverseOffer, Unavailability } from "@gloam/mesos";

/** Milliseconds before its maintenance from which on an agent gets no more executors, and those that it has go. */
const avoidance = 600_000;
/** Longest time that timers know, in milliseconds. */
const longest = 2 ** 31 - 1;

/** Milliseconds until an agent is not available; negative once it is not. */
export function timeUntil({ start }: Unavailability, now: number): number {
  return start.nanoseconds / 1e6 - now;
}

/** Whether an agent is to be left alone because its window is near, or open. */
export function isNearMaintenance(unavailability: Unavailability | undefined, now: number): boolean {
  if (unavailability === undefined) return false;
  const { duration } = unavailability;
  const until = timeUntil(unavailability, now);
  const isOver = duration !== undefined && until + duration.nanoseconds / 1e6 < 0;
  return !isOver && until < avoidance;
}

/** Milliseconds until executors of the agent begin to go: until then it is used as any other. */
export function timeToStay(offer: InverseOffer, now: number): number {
  return Math.min(longest, Math.max(0, timeUntil(offer.unavailability, now) - avoidance));
}

/** Milliseconds in which executors of the agent have to be gone. */
export function timeToLeave(offer: InverseOffer, now: number): number {
  return Math.min(longest, Math.max(0, timeUntil(offer.unavailability, now)));
}

/** Inverse offers that wait until no executor is left on their agent. */
export class InverseOffers {
  readonly #waiting = new Map<string, InverseOffer>();

  add(offer: InverseOffer): void {
    this.#waiting.set(offer.id.value, offer);
  }

  /** Whether it waits still. */
  has({ id }: InverseOffer): boolean {
    return this.#waiting.has(id.value);
  }

  /** Taken back: the window is closed, or another one. */
  rescinded(id: string): void {
    this.#waiting.delete(id);
  }

  clear(): void {
    this.#waiting.clear();
  }

  /** Takes those whose agents have no executor any more. An inverse offer without an agent is for all. */
  takeVacated(isVacant: (agent: string | undefined) => boolean): readonly InverseOffer[] {
    const vacated = [...this.#waiting.values()].filter(({ agent_id }) => isVacant(agent_id?.value));
    for (const { id } of vacated) this.#waiting.delete(id.value);
    return vacated;
  }
}
