import { VirtualClock } from "@gloam/common";
import { expect, test } from "vitest";
import { awaitAgents, type ClusterReadiness } from "./await-agents.ts";

/** Waits for two agents while the cluster looks as `look` says, by milliseconds since the start; a text is its end. */
async function wait(
  look: (time: number) => ClusterReadiness | "ended",
): Promise<[agents: number | undefined, time: number]> {
  const clock = new VirtualClock();
  const agents = await awaitAgents({
    agents: 2,
    probe: () => {
      const found = look(clock.now());
      return Promise.resolve(found === "ended" ? { answers: false, agents: undefined } : found);
    },
    hasEnded: () => look(clock.now()) === "ended",
    clock,
    sleep: (milliseconds) => {
      clock.advance(milliseconds);
      return Promise.resolve();
    },
  });
  return [agents, clock.now()];
}

test("until all agents are there", async () => {
  const look = (time: number) => ({ answers: time >= 200, agents: time >= 500 ? 2 : 1 });
  expect(await wait(look)).toEqual([2, 500]);
});

test("no longer than 10 s for agents that do not come", async () => {
  const [agents, time] = await wait((now) => ({ answers: now >= 1000, agents: 1 }));
  expect(agents).toBe(1);
  expect(time).toBeGreaterThan(11_000);
  expect(time).toBeLessThan(11_200);
});

test("not for the agents of a master that hides its state", async () => {
  expect(await wait((time) => ({ answers: time >= 200, agents: undefined }))).toEqual([2, 200]);
});

test("not once the process has ended", async () => {
  expect(await wait((time) => (time < 300 ? { answers: false, agents: undefined } : "ended"))).toEqual([
    undefined,
    300,
  ]);
});

test("no longer than a minute for a master that does not answer", async () => {
  const [agents, time] = await wait(() => ({ answers: false, agents: undefined }));
  expect(agents).toBeUndefined();
  expect(time).toBeLessThan(60_200);
});
