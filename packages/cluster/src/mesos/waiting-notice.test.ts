import { expect, test } from "vitest";
import { offerOf, scalar } from "./testing/offers.ts";
import { WaitingNotice } from "./waiting-notice.ts";

const request = { cpus: 4, mem: 8192 };
const supervisor = { cpus: 0.1, mem: 64 };

test("nothing is offered", () => {
  const notice = new WaitingNotice();
  const begin = "waiting for resources: asked 4 cpus and 8 GiB; nothing is offered: ";
  expect(notice.describe(request)).toBe(`${begin}others have it all, or a quota keeps it back`);
  expect(notice.describe(request, { supervisor, isConstrained: true })).toBe(
    `${begin}no agent meets mesos.constraints, others have it all, or a quota keeps it back`,
  );
});

test("the best offer has the most cpus, and of these the most memory", () => {
  const notice = new WaitingNotice();
  for (const [cpus, mem] of [
    [1, 16_384],
    [2, 512],
    [2, 4096],
    [2, 1000],
  ] as const)
    // prettier-ignore
    notice.refused(offerOf({ cpus, mem }), "resources");
  const best = "waiting for resources: asked 4 cpus and 8 GiB, best offer 2 cpus and 4 GiB";
  expect(notice.describe(request)).toBe(best);
  expect(notice.describe(request, { supervisor })).toBe(best);
});

test("an offer that would do but for the Mesos executor", () => {
  const notice = new WaitingNotice();
  notice.refused(offerOf({ cpus: 4, mem: 8192 }), "resources");
  expect(notice.describe(request, { supervisor })).toBe(
    "waiting for resources: asked 4 cpus and 8 GiB, best offer 4 cpus and 8 GiB, " +
      "the first one on an agent needs 0.1 cpus and 64 MiB more",
  );
});

test("what is asked for besides is told of the offer, too", () => {
  const notice = new WaitingNotice();
  notice.refused(
    offerOf({ resources: [scalar("cpus", 2), scalar("mem", 900.4), scalar("disk", 5120), scalar("gpus", 1)] }),
    "resources",
  );
  expect(notice.describe({ cpus: 1, mem: 1536, disk: 100, gpus: 2, ports: 1 })).toBe(
    "waiting for resources: asked 1 cpus, 1.5 GiB, 100 MiB of disk, 2 gpus and 1 ports, " +
      "best offer 2 cpus, 900 MiB, 5 GiB of disk, 1 gpus and 0 ports",
  );
});

test("an offer without resources has none", () => {
  const notice = new WaitingNotice();
  notice.refused(offerOf({ resources: [] }), "resources");
  expect(notice.describe(request)).toContain("best offer 0 cpus and 0 MiB");
});

test("why the last executor failed stands behind offers of agents on which some did", () => {
  const notice = new WaitingNotice();
  notice.failed("it exited with code 127");
  notice.refused(offerOf({ cpus: 1 }), "constraints");
  expect(notice.describe(request)).not.toContain("127");
  notice.refused(offerOf({ cpus: 1 }), "failures");
  expect(notice.describe(request)).toContain("executors failed, the last one: it exited with code 127");
});

test("offers that have enough are counted by why they are not taken, until one is", () => {
  const notice = new WaitingNotice();
  for (const reason of ["constraints", "failures", "maintenance", "constraints"] as const)
    notice.refused(offerOf({ cpus: 100 }), reason);
  expect(notice.describe(request)).toBe(
    "waiting for resources: asked 4 cpus and 8 GiB, 2 offers were of agents that do not meet mesos.constraints, " +
      "1 offer was of agents on which executors failed, 1 offer was of agents that go into maintenance",
  );
  notice.taken();
  expect(notice.describe(request)).toContain("nothing is offered");
});
