import { takeResources, type Offer, type Resource, type ResourceRequest } from "@gloam/mesos";

/** An executor that is to be started with a part of an offer. */
interface PlacedExecutor {
  readonly resources: readonly Resource[];
}

/** What an offer is taken for. */
export interface PlacedOffer {
  readonly offer: Offer;
  readonly executors: readonly PlacedExecutor[];
  /** For the Mesos executor, where none is there yet. */
  readonly supervisor: readonly Resource[] | undefined;
}

export interface PlacementOptions {
  /** How many executors are wanted. */
  readonly wanted: number;
  readonly request: ResourceRequest;
  /** What the first one on an agent needs besides. */
  readonly supervisorRequest: ResourceRequest;
  readonly hasSupervisor: (offer: Offer) => boolean;
  readonly revocable: boolean;
  /** Executors on the agent of an offer so far. Asked once for each offer. */
  readonly executorsOn: (offer: Offer) => number;
  /** Whether the agent may get one more, when so many of this round are there already. */
  readonly mayUse: (offer: Offer, placed: readonly PlacedOffer[]) => boolean;
}

/** What is left of an offer while others are looked at. */
interface OpenOffer {
  readonly offer: Offer;
  readonly executors: PlacedExecutor[];
  /** Executors on its agent, with those. */
  load: number;
  rest: readonly Resource[];
  supervisor: readonly Resource[] | undefined;
}

/**
 * Decides what offers are taken for. Each executor goes to the agent that has the fewest: blocks and the work of serving them are spread,
 * and one agent that is lost takes the least with it. Offers that are not used are not in the result.
 */
export function placeExecutors(offers: readonly Offer[], options: PlacementOptions): readonly PlacedOffer[] {
  const open: OpenOffer[] = offers.map((offer) => ({
    offer,
    executors: [],
    load: options.executorsOn(offer),
    rest: offer.resources ?? [],
    supervisor: undefined,
  }));
  const used = (): readonly OpenOffer[] => open.filter(({ executors }) => executors.length > 0);
  const candidates = new Set(open);
  for (let placed = 0; placed < options.wanted;) {
    const best = leastLoaded(candidates);
    if (best === undefined) break;
    if (options.mayUse(best.offer, used()) && place(best, options)) placed++;
    else candidates.delete(best);
  }
  return used();
}

function leastLoaded(offers: Iterable<OpenOffer>): OpenOffer | undefined {
  let best: OpenOffer | undefined;
  for (const offer of offers) if (best === undefined || offer.load < best.load) best = offer;
  return best;
}

function place(open: OpenOffer, { request, supervisorRequest, hasSupervisor, revocable }: PlacementOptions): boolean {
  const needsSupervisor = open.supervisor === undefined && !hasSupervisor(open.offer);
  const own = takeResources(open.rest, request, { revocable });
  if (own === undefined) return false;
  const supervisor = needsSupervisor ? takeResources(own.rest, supervisorRequest, { revocable }) : undefined;
  if (needsSupervisor && supervisor === undefined) return false;
  open.executors.push({ resources: own.taken });
  open.load++;
  if (supervisor !== undefined) open.supervisor = supervisor.taken;
  open.rest = (supervisor ?? own).rest;
  return true;
}
