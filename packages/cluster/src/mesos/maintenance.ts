import type { Clock, Timers } from "@gloam/common";
import type { InverseOffer, Unavailability } from "@gloam/mesos";

/** Milliseconds before its maintenance in which an agent gets no more executors, and those that are there leave. */
const avoidance = 600_000;
/** What a timer can be set for, in milliseconds. */
const longest = 2 ** 31 - 1;

/** Milliseconds until an agent is not available; negative once it is not. */
function timeUntil({ start }: Unavailability, now: number): number {
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

/** Milliseconds in which executors of the agent have to be gone. */
export function timeToLeave(offer: InverseOffer, now: number): number {
  return Math.max(0, timeUntil(offer.unavailability, now));
}

/** An inverse offer, and how it is no longer waited for that its window is near. */
interface WaitingOffer {
  readonly offer: InverseOffer;
  cancel: () => void;
}

export interface InverseOffersOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  /** The window of one opens soon: executors on its agent have to leave. */
  readonly onNear: (offer: InverseOffer) => void;
}

/** Inverse offers that wait until no executor is left on their agent. Before their window is near, nobody has to leave. */
export class InverseOffers {
  readonly #options: InverseOffersOptions;
  readonly #waiting = new Map<string, WaitingOffer>();

  constructor(options: InverseOffersOptions) {
    this.#options = options;
  }

  add(offer: InverseOffer): void {
    this.#forget(offer.id.value);
    const waiting = { offer, cancel: () => undefined };
    this.#waiting.set(offer.id.value, waiting);
    this.#awaitWindow(waiting);
  }

  /** Taken back: the window is closed, or another one. */
  rescinded(id: string): void {
    this.#forget(id);
  }

  /** Forgets all; no timer is left. */
  clear(): void {
    for (const id of [...this.#waiting.keys()]) this.#forget(id);
  }

  /** Takes those whose agents have no executor any more. An inverse offer without an agent is for all. */
  takeVacated(isVacant: (agent: string | undefined) => boolean): readonly InverseOffer[] {
    const offers = [...this.#waiting.values()].map(({ offer }) => offer);
    const vacated = offers.filter(({ agent_id }) => isVacant(agent_id?.value));
    for (const { id } of vacated) this.#forget(id.value);
    return vacated;
  }

  #awaitWindow(waiting: WaitingOffer): void {
    const { clock, timers, onNear } = this.#options;
    const pause = timeUntil(waiting.offer.unavailability, clock.now()) - avoidance;
    if (pause <= 0) onNear(waiting.offer);
    else waiting.cancel = timers.after(Math.min(longest, pause), () => this.#awaitWindow(waiting));
  }

  #forget(id: string): void {
    this.#waiting.get(id)?.cancel();
    this.#waiting.delete(id);
  }
}
