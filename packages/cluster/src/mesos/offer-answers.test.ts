import { expect, test } from "vitest";
import { MesosTasks } from "./mesos-tasks.ts";
import { answerOffers, type OfferCircumstances } from "./offer-answers.ts";
import { offerOf } from "./testing/offers.ts";

const circumstances: OfferCircumstances = {
  wanted: 1,
  needs: { executor: { cpus: 1, mem: 1024 }, supervisor: { mem: 64 } },
  revocable: false,
  constraints: [{ attribute: "hostname", condition: { kind: "matches", pattern: "agent-.*" } }],
  refusal: 120_000,
  now: 0,
  tasks: new MesosTasks(),
  hasSupervisor: () => false,
  pauseOf: (agent) => (agent === "agent-bad" ? 7000 : 0),
};

const reasons = (offers: Parameters<typeof answerOffers>[0], more: Partial<OfferCircumstances> = {}) => {
  const { accepted, refused } = answerOffers(offers, { ...circumstances, ...more });
  return {
    accepted: accepted.map(({ offer }) => offer.agent_id.value),
    refused: refused.map(({ offer, reason, refusal }) => [offer.agent_id.value, reason, refusal]),
  };
};

test("every offer is answered, those that do not fit with a reason and for a time", () => {
  const near = { unavailability: { start: { nanoseconds: 1e9 } } };
  const offers = [
    offerOf({ agent: "agent-bad" }),
    offerOf({ agent: "agent-small", cpus: 0.5 }),
    { ...offerOf({ agent: "agent-leaving" }), ...near },
    offerOf({ agent: "agent-good" }),
  ];
  expect(reasons(offers, { wanted: 10 })).toEqual({
    accepted: ["agent-good"],
    refused: [
      ["agent-bad", "failures", 7000],
      ["agent-leaving", "maintenance", 2000],
      ["agent-small", "resources", 120_000],
    ],
  });
});

test("what is not needed is refused for no fault of its own", () => {
  const offers = [offerOf({ agent: "agent-1" }), offerOf({ agent: "agent-2" })];
  expect(reasons(offers)).toEqual({ accepted: ["agent-1"], refused: [["agent-2", undefined, 120_000]] });
  expect(reasons(offers, { wanted: 0 })).toEqual({
    accepted: [],
    refused: [
      ["agent-1", undefined, 120_000],
      ["agent-2", undefined, 120_000],
    ],
  });
});
