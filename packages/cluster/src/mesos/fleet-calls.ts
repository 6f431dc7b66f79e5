import type { InverseOffer, Offer, SchedulerCall, TaskInfo } from "@gloam/mesos";
import type { MesosTask } from "./mesos-tasks.ts";

/** Launches tasks with an offer. What they leave of it is not wanted for so many milliseconds. */
export function acceptCall(offer: Offer, tasks: readonly TaskInfo[], refusal: number): SchedulerCall {
  return {
    type: "ACCEPT",
    accept: {
      offer_ids: [offer.id],
      operations: [{ type: "LAUNCH", launch: { task_infos: tasks } }],
      filters: { refuse_seconds: refusal / 1000 },
    },
  };
}

/** Declines offers, and such ones for so many milliseconds. */
export function declineCall(offers: readonly Offer[], refusal: number): SchedulerCall {
  return {
    type: "DECLINE",
    decline: { offer_ids: offers.map(({ id }) => id), filters: { refuse_seconds: refusal / 1000 } },
  };
}

/** Ends a task at once, or within so many milliseconds in which it may end well. */
export function killCall({ id, agent }: MesosTask, grace = 0): SchedulerCall {
  return {
    type: "KILL",
    kill: {
      task_id: { value: id },
      agent_id: { value: agent },
      kill_policy: { grace_period: { nanoseconds: grace * 1_000_000 } },
    },
  };
}

/** Agrees that agents are taken away. */
export function acceptInverseCall(offers: readonly InverseOffer[]): SchedulerCall {
  return { type: "ACCEPT_INVERSE_OFFERS", accept_inverse_offers: { inverse_offer_ids: offers.map(({ id }) => id) } };
}
