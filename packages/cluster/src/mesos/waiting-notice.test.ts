import type { Offer } from "@gloam/mesos";
import { expect, test } from "vitest";
import { WaitingNotice } from "./waiting-notice.ts";

const asked = { cpus: 2, mem: 1152, disk: 0, gpus: 0, ports: 0 };
const supervisor = { cpus: 0.1, mem: 64 };

function offer(cpus: number, mem: number): Offer {
  const scalar = (name: string, value: number) => ({ name, type: "SCALAR" as const, scalar: { value } });
  return {
    id: { value: "offer" },
    framework_id: { value: "framework" },
    agent_id: { value: "agent" },
    hostname: "agent",
    resources: [scalar("cpus", cpus), scalar("mem", mem)],
  };
}

test("what was asked and the best of what was offered", () => {
  const notice = new WaitingNotice();
  notice.refused(offer(1, 4096), "resources");
  notice.refused(offer(1.5, 2048), "resources");
  notice.refused(offer(8, 8192), "maintenance");
  expect(notice.describe(asked, { supervisor })).toBe(
    "waiting for resources: asked 2 cpus and 1.13 GiB, best offer 1.5 cpus and 2 GiB, " +
      "1 offer was of agents that go into maintenance",
  );
});

test("an offer that would do but for the Mesos executor", () => {
  const notice = new WaitingNotice();
  notice.refused(offer(2, 8192), "resources");
  expect(notice.describe(asked, { supervisor })).toBe(
    "waiting for resources: asked 2 cpus and 1.13 GiB, best offer 2 cpus and 8 GiB, " +
      "the first one on an agent needs 0.1 cpus and 64 MiB more",
  );
});

test("nothing is offered", () => {
  const notice = new WaitingNotice();
  const begin = "waiting for resources: asked 2 cpus and 1.13 GiB; nothing is offered: ";
  expect(notice.describe(asked)).toBe(`${begin}others have it all, or a quota keeps it back`);
  expect(notice.describe(asked, { isConstrained: true })).toBe(
    `${begin}no agent meets mesos.constraints, others have it all, or a quota keeps it back`,
  );
});
