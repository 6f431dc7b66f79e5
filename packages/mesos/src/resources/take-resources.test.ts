import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Resource } from "../messages/mesos.ts";
import { portsOf } from "./ports-of.ts";
import { takeResources } from "./take-resources.ts";
import { totalOf } from "./total-of.ts";

const scalar = (name: string, value: number, more: Partial<Resource> = {}): Resource => ({
  name,
  type: "SCALAR",
  scalar: { value },
  allocation_info: { role: "r" },
  ...more,
});
const ports = (...range: { begin: number; end: number }[]): Resource => ({
  name: "ports",
  type: "RANGES",
  ranges: { range },
});
const byNumber = (a: number, b: number): number => a - b;
const reserved = { reservations: [{ type: "DYNAMIC", role: "r", principal: "p" }] } as const;

describe("takeResources", () => {
  test("takes what is wanted, and gives the rest", () => {
    const divided = takeResources([scalar("cpus", 4), scalar("mem", 1024)], { cpus: 1.5, mem: 1024 });
    expect(divided).toEqual({ taken: [scalar("cpus", 1.5), scalar("mem", 1024)], rest: [scalar("cpus", 2.5)] });
  });

  test("takes all or nothing", () => {
    expect(takeResources([scalar("cpus", 4), scalar("mem", 10)], { cpus: 1, mem: 11 })).toBeUndefined();
    expect(takeResources([], { gpus: 1 })).toBeUndefined();
    expect(takeResources([], {})).toEqual({ taken: [], rest: [] });
  });

  test("takes what is reserved first, as it is", () => {
    const old = scalar("cpus", 1, { role: "r" });
    const offered = [scalar("cpus", 2, { role: "*" }), scalar("cpus", 1, reserved), old];
    expect(takeResources(offered, { cpus: 2.5 })?.taken).toEqual([
      scalar("cpus", 0.5, { role: "*" }),
      scalar("cpus", 1, reserved),
      old,
    ]);
  });

  test("takes what may be taken back only where that is allowed, and last", () => {
    const offered = [scalar("cpus", 2, { revocable: {} }), scalar("cpus", 1)];
    expect(takeResources(offered, { cpus: 2 })).toBeUndefined();
    expect(takeResources(offered, { cpus: 2 }, { revocable: true })?.taken).toEqual([
      scalar("cpus", 1, { revocable: {} }),
      scalar("cpus", 1),
    ]);
  });

  test("leaves volumes and disks of their own alone", () => {
    const volume = scalar("disk", 100, { disk: { persistence: { id: "v" } }, ...reserved });
    const mount = scalar("disk", 100, { disk: { source: { type: "MOUNT" } } });
    expect(takeResources([volume, mount], { disk: 1 })).toBeUndefined();
    expect(totalOf([volume, mount]).disk).toBe(0);
  });

  test("takes ports from the front of ranges", () => {
    const divided = takeResources([ports({ begin: 5, end: 6 }, { begin: 10, end: 19 })], { ports: 4 });
    expect(portsOf(divided?.taken ?? [])).toEqual([5, 6, 10, 11]);
    expect(divided?.rest).toEqual([ports({ begin: 12, end: 19 })]);
  });

  test("counts in thousandths: three thirds that were taken one by one leave nothing over", () => {
    let rest = [scalar("cpus", 0.3)];
    for (const each of [0.1, 0.1, 0.1]) rest = takeResources(rest, { cpus: each })!.rest;
    expect(rest).toEqual([]);
  });

  test("loses and invents nothing", () => {
    const quantity = fc.nat({ max: 20_000 }).map((thousandths) => thousandths / 1000);
    const offered = fc.array(
      fc.oneof(
        fc
          .tuple(fc.constantFrom("cpus", "mem", "disk"), quantity, fc.constantFrom({}, reserved))
          .map((all) => scalar(...all)),
        fc.tuple(fc.nat(100), fc.nat(5)).map(([begin, more]) => ports({ begin, end: begin + more })),
      ),
      { maxLength: 12 },
    );
    const wanted = fc.record({ cpus: quantity, mem: quantity, disk: quantity, ports: fc.nat(8) });
    fc.assert(
      fc.property(offered, wanted, (resources, request) => {
        const divided = takeResources(resources, request);
        const total = totalOf(resources);
        const names = ["cpus", "mem", "disk", "ports"] as const;
        const suffices = names.every((name) => total[name] >= request[name]);
        expect(divided !== undefined).toBe(suffices);
        if (divided === undefined) return;
        expect(totalOf(divided.taken)).toEqual({ ...request, gpus: 0 });
        const rest = totalOf(divided.rest);
        for (const name of names) expect(rest[name]).toBeCloseTo(total[name] - request[name], 6);
        expect([...portsOf(divided.taken), ...portsOf(divided.rest)].sort(byNumber)).toEqual(
          portsOf(resources).sort(byNumber),
        );
      }),
    );
  });
});

test("totalOf adds up whoever it is for", () => {
  const all = [scalar("cpus", 0.1), scalar("cpus", 0.2, reserved), scalar("gpus", 1), ports({ begin: 1, end: 3 })];
  expect(totalOf(all)).toEqual({ cpus: 0.3, mem: 0, disk: 0, gpus: 1, ports: 3 });
});
