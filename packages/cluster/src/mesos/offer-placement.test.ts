import { totalOf, type Offer } from "@gloam/mesos";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeExecutors, type PlacedOffer, type PlacementOptions } from "./offer-placement.ts";
import { offerOf, scalar } from "./testing/offers.ts";

const options: PlacementOptions = {
  wanted: 1,
  request: { cpus: 1, mem: 1024 },
  supervisorRequest: { cpus: 0.1, mem: 64 },
  revocable: false,
  hasSupervisor: () => false,
  executorsOn: () => 0,
  mayUse: () => true,
};

/** Agents and how many executors each got. */
function counts(placed: readonly PlacedOffer[]): Readonly<Record<string, number>> {
  return Object.fromEntries(placed.map(({ offer, executors }) => [offer.agent_id.value, executors.length]));
}

describe("executors", () => {
  const [a, b, c] = ["a", "b", "c"].map((agent) => offerOf({ agent })) as [Offer, Offer, Offer];

  test("are spread over the agents", () => {
    expect(counts(placeExecutors([a, b, c], { ...options, wanted: 5 }))).toEqual({ a: 2, b: 2, c: 1 });
  });

  test("go where there are fewest already", () => {
    const executorsOn = ({ agent_id }: Offer): number => (agent_id.value === "a" ? 2 : 0);
    expect(counts(placeExecutors([a, b], { ...options, wanted: 4, executorsOn }))).toEqual({ a: 1, b: 3 });
  });

  test("are no more than are wanted, or than there is room for", () => {
    expect(placeExecutors([a, b], { ...options, wanted: 0 })).toEqual([]);
    // The Mesos executor takes what a fourth one would.
    expect(counts(placeExecutors([a, b], { ...options, wanted: 100 }))).toEqual({ a: 3, b: 3 });
    const hasSupervisor = (): boolean => true;
    expect(counts(placeExecutors([a, b], { ...options, wanted: 100, hasSupervisor }))).toEqual({ a: 4, b: 4 });
  });

  test("are where they may be", () => {
    const seen: number[] = [];
    const mayUse: PlacementOptions["mayUse"] = (offer, placed) => {
      seen.push(placed.reduce((sum, { executors }) => sum + executors.length, 0));
      return offer !== a;
    };
    expect(counts(placeExecutors([a, b], { ...options, wanted: 3, mayUse }))).toEqual({ b: 3 });
    expect(seen).toEqual([0, 0, 1, 2]);
  });

  test("are not where the Mesos executor has no room", () => {
    expect(placeExecutors([offerOf({ cpus: 1 })], options)).toEqual([]);
    expect(placeExecutors([offerOf({ cpus: 1.1, mem: 1087 })], options)).toEqual([]);
    expect(placeExecutors([offerOf({ cpus: 1.1, mem: 1088 })], options)).toHaveLength(1);
  });

  test("are in no offer that is not used", () => {
    expect(counts(placeExecutors([offerOf({ agent: "small", mem: 100 }), b], options))).toEqual({ b: 1 });
    expect(placeExecutors([offerOf({ resources: [] })], options)).toEqual([]);
  });
});

test("what is reserved is taken first, as it was offered", () => {
  const reserved = { ...scalar("cpus", 1), reservations: [{ type: "STATIC" as const, role: "gloam" }] };
  const resources = [scalar("cpus", 2), reserved, scalar("mem", 2048)];
  const [placed] = placeExecutors([offerOf({ resources })], options);
  expect(placed?.executors).toEqual([{ resources: [reserved, scalar("mem", 1024)] }]);
  expect(placed?.supervisor).toEqual([scalar("cpus", 0.1), scalar("mem", 64)]);
});

test("revocable resources are taken only where that is allowed", () => {
  const resources = [{ ...scalar("cpus", 4), revocable: {} }, scalar("mem", 4096)];
  expect(placeExecutors([offerOf({ resources })], options)).toEqual([]);
  expect(placeExecutors([offerOf({ resources })], { ...options, revocable: true })).toHaveLength(1);
});

test("disk, gpus and ports are taken as well, and no port twice", () => {
  const ports = { name: "ports", type: "RANGES" as const, ranges: { range: [{ begin: 31_000, end: 31_001 }] } };
  const resources = [scalar("cpus", 8), scalar("mem", 8192), scalar("disk", 1000), scalar("gpus", 8), ports];
  const request = { cpus: 1, mem: 1024, disk: 100, gpus: 2, ports: 1 };
  const [placed] = placeExecutors([offerOf({ resources })], { ...options, wanted: 9, request });
  expect(placed?.executors.map((each) => totalOf(each.resources))).toEqual([request, request]);
  const taken = placed?.executors.flatMap((each) => each.resources.flatMap(({ ranges }) => ranges?.range ?? []));
  expect(taken).toEqual([31_000, 31_001].map((port) => ({ begin: port, end: port })));
});

test("whatever is offered: no more is taken than there is, and an agent's load never exceeds another's that had room by two", () => {
  const amounts = fc.record({ cpus: fc.integer({ min: 0, max: 60 }), mem: fc.integer({ min: 0, max: 9000 }) });
  fc.assert(
    fc.property(fc.array(amounts, { maxLength: 6 }), fc.nat(30), (all, wanted) => {
      const offers = all.map(({ cpus, mem }, index) => offerOf({ agent: `agent-${index}`, cpus: cpus / 10, mem }));
      const placed = placeExecutors(offers, { ...options, wanted });
      const fits = offers.map(({ resources = [] }) => {
        const { cpus, mem } = totalOf(resources);
        return Math.max(0, Math.floor(Math.min(cpus - 0.1 + 1e-9, (mem - 64) / 1024)));
      });
      const count = counts(placed);
      expect(Object.values(count).reduce((sum, each) => sum + each, 0)).toBe(
        Math.min(
          wanted,
          fits.reduce((sum, each) => sum + each, 0),
        ),
      );
      for (const { offer, executors, supervisor } of placed) {
        const taken = totalOf([...executors.flatMap(({ resources }) => resources), ...(supervisor ?? [])]);
        const offered = totalOf(offer.resources ?? []);
        expect(taken.cpus).toBeLessThanOrEqual(offered.cpus);
        expect(taken.mem).toBeLessThanOrEqual(offered.mem);
        for (const [index, room] of fits.entries()) {
          const other = count[`agent-${index}`] ?? 0;
          if (other < room) expect(executors.length - other).toBeLessThanOrEqual(1);
        }
      }
    }),
  );
});
