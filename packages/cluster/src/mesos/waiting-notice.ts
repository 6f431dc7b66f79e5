import { totalOf, type Offer, type ResourceRequest } from "@gloam/mesos";

/** Why an offer was not taken. */
export type RefusalReason = "resources" | "constraints" | "failures" | "maintenance";

/** What else is known of why nothing fits. */
export interface WaitingCircumstances {
  /** What the first executor on an agent takes besides. */
  readonly supervisor?: ResourceRequest;
  /** Whether there are constraints on agents. */
  readonly isConstrained?: boolean;
}

/** What offers had that were not taken, until one is. */
export class WaitingNotice {
  #offers = 0;
  #best: Required<ResourceRequest> | undefined;
  readonly #reasons = new Map<RefusalReason, number>();
  #failure: string | undefined;

  /** An executor failed to start, in words that end a sentence. */
  failed(how: string): void {
    this.#failure = how;
  }

  refused(offer: Offer, reason: RefusalReason): void {
    this.#offers++;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    if (reason !== "resources") return;
    const total = totalOf(offer.resources ?? []);
    if (
      this.#best === undefined ||
      total.cpus > this.#best.cpus ||
      (total.cpus === this.#best.cpus && total.mem > this.#best.mem)
    ) {
      this.#best = total;
    }
  }

  taken(): void {
    this.#offers = 0;
    this.#best = undefined;
    this.#reasons.clear();
  }

  /** In words, for somebody who waits for executors with these resources. */
  describe(request: ResourceRequest, { supervisor, isConstrained = false }: WaitingCircumstances = {}): string {
    const asked = `waiting for resources: asked ${amounts(request, request)}`;
    if (this.#offers === 0) {
      // A master that knows the constraints offers nothing else.
      const unmet = isConstrained ? "no agent meets mesos.constraints, " : "";
      return `${asked}; nothing is offered: ${unmet}others have it all, or a quota keeps it back`;
    }
    const besides = [...this.#reasons]
      .filter(([reason]) => reason !== "resources")
      .map(([reason, count]) => `${count} ${count === 1 ? "offer was" : "offers were"} of ${unfit[reason]}`);
    const best = this.#best === undefined ? [] : [`best offer ${amounts(this.#best, request)}`];
    const isEnoughAlone = this.#best !== undefined && covers(this.#best, request);
    const more =
      supervisor === undefined || !isEnoughAlone
        ? []
        : [`the first one on an agent needs ${amounts(supervisor, supervisor)} more`];
    const failure =
      this.#reasons.has("failures") && this.#failure !== undefined ? [`the last one: ${this.#failure}`] : [];
    return [asked, ...best, ...more, ...besides, ...failure].join(", ");
  }
}

const unfit: Readonly<Record<RefusalReason, string>> = {
  resources: "agents that have too little",
  constraints: "agents that do not meet mesos.constraints",
  failures: "agents on which executors failed",
  maintenance: "agents that go into maintenance",
};

function covers(resources: Required<ResourceRequest>, asked: ResourceRequest): boolean {
  return (["cpus", "mem", "disk", "gpus", "ports"] as const).every((name) => resources[name] >= (asked[name] ?? 0));
}

/** Of what is asked for. */
function amounts(resources: ResourceRequest, asked: ResourceRequest): string {
  const words = [
    ...(asked.cpus === undefined ? [] : [`${resources.cpus ?? 0} cpus`]),
    mebibytes(resources.mem ?? 0),
    ...(asked.disk ? [`${mebibytes(resources.disk ?? 0)} of disk`] : []),
    ...(asked.gpus ? [`${resources.gpus ?? 0} gpus`] : []),
    ...(asked.ports ? [`${resources.ports ?? 0} ports`] : []),
  ];
  return words.length === 1 ? `${words[0]}` : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function mebibytes(amount: number): string {
  return amount >= 1024 ? `${Number((amount / 1024).toFixed(2))} GiB` : `${Math.round(amount)} MiB`;
}
