import type { Offer } from "@gloam/mesos";
import { meetsConstraints, valuesOf, type AgentConstraint } from "./agent-constraints.ts";
import { isNearMaintenance } from "./maintenance.ts";
import type { MesosTasks } from "./mesos-tasks.ts";
import { placeExecutors, type PlacedOffer } from "./offer-placement.ts";
import type { ResourceNeeds } from "./resource-needs.ts";
import type { RefusalReason } from "./waiting-notice.ts";

/** Milliseconds for which offers of agents that go into maintenance are not wanted: windows are changed. */
const maintenanceRefusal = 2000;

/** What decides about offers. Times are in milliseconds. */
export interface OfferCircumstances {
  /** How many more executors there should be. */
  readonly wanted: number;
  readonly needs: ResourceNeeds;
  readonly revocable: boolean;
  readonly constraints: readonly AgentConstraint[];
  /** For which offers that do not fit, or are not needed, are not wanted. */
  readonly refusal: number;
  readonly now: number;
  readonly tasks: MesosTasks;
  readonly hasSupervisor: (offer: Offer) => boolean;
  /** For which an agent is to be left alone; 0 for one that may be used. */
  readonly pauseOf: (agent: string) => number;
}

/** An offer that is not taken. */
export interface RefusedOffer {
  readonly offer: Offer;
  /** Undefined for one that is not needed. */
  readonly reason: RefusalReason | undefined;
  /** Milliseconds for which it is not wanted. */
  readonly refusal: number;
}

/** What becomes of each offer. */
export interface OfferAnswers {
  readonly accepted: readonly PlacedOffer[];
  readonly refused: readonly RefusedOffer[];
}

/** Decides about offers at once: none is kept for later. */
export function answerOffers(offers: readonly Offer[], circumstances: OfferCircumstances): OfferAnswers {
  const { wanted, needs, revocable, refusal, tasks, hasSupervisor } = circumstances;
  if (wanted <= 0) return { accepted: [], refused: offers.map((offer) => ({ offer, reason: undefined, refusal })) };
  const suitable: Offer[] = [];
  const refused: RefusedOffer[] = [];
  for (const offer of offers) {
    const against = reasonAgainst(offer, circumstances);
    if (against === undefined) suitable.push(offer);
    else refused.push({ offer, ...against });
  }
  const accepted = placeExecutors(suitable, {
    wanted,
    request: needs.executor,
    supervisorRequest: needs.supervisor,
    revocable,
    hasSupervisor,
    executorsOn: ({ agent_id }) => tasks.on(agent_id.value).length,
    mayUse: (offer, others) => isMet(offer, others, circumstances),
  });
  const used = new Set(accepted.map(({ offer }) => offer));
  const isEnough = accepted.reduce((sum, { executors }) => sum + executors.length, 0) >= wanted;
  for (const offer of suitable) {
    if (!used.has(offer)) refused.push({ offer, reason: isEnough ? undefined : "resources", refusal });
  }
  return { accepted, refused };
}

function reasonAgainst(offer: Offer, circumstances: OfferCircumstances): Omit<RefusedOffer, "offer"> | undefined {
  const { pauseOf, now, refusal } = circumstances;
  const pause = pauseOf(offer.agent_id.value);
  if (pause > 0) return { reason: "failures", refusal: pause };
  // What was refused because of a window is wanted at once when that is closed.
  if (isNearMaintenance(offer.unavailability, now)) return { reason: "maintenance", refusal: maintenanceRefusal };
  return isMet(offer, [], circumstances) ? undefined : { reason: "constraints", refusal };
}

/** Whether an agent meets the constraints, counting executors that are there and those that are placed. */
function isMet(offer: Offer, placed: readonly PlacedOffer[], { constraints, tasks }: OfferCircumstances): boolean {
  return meetsConstraints(offer, constraints, (attribute, value) => {
    const here = placed.filter((other) => valuesOf(other.offer, attribute)?.texts.includes(value));
    const running = tasks.all().filter((task) => valuesOf(task.offer, attribute)?.texts.includes(value));
    return running.length + here.reduce((sum, { executors }) => sum + executors.length, 0);
  });
}
