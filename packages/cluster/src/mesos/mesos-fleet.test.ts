import { GloamError } from "@gloam/common";
import { totalOf } from "@gloam/mesos";
import { describe, expect, test } from "vitest";
import { encodeProcessEnd } from "./process-end-data.ts";
import { FleetUnderTest, type FleetWords } from "./testing/fleet-under-test.ts";
import { offerOf, scalar, textAttribute } from "./testing/offers.ts";

/** What is refused comes back as a rejection, which is handled a little later. */
const later = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function subscribed(words: FleetWords = {}): FleetUnderTest {
  const story = new FleetUnderTest(words);
  story.client.subscribe();
  return story;
}

/** One whose executors run, on an agent each. */
function running(executors: number, words: FleetWords = {}): FleetUnderTest {
  const story = subscribed({ executors, ...words });
  story.offer(...Array.from({ length: executors }, (_, index) => offerOf({ agent: `agent-${index + 1}` })));
  for (const executor of story.started) story.update(executor, "TASK_RUNNING");
  story.client.taken();
  return story;
}

describe("offers", () => {
  test("are asked for as soon as there is a subscription, and no more when there are enough executors", () => {
    const story = new FleetUnderTest({ executors: 2 });
    expect(story.client.calls).toEqual([]);
    story.client.subscribe();
    expect(story.client.taken()).toEqual(["REVIVE"]);
    story.offer(offerOf());
    expect(story.client.taken()).toEqual(["ACCEPT", "SUPPRESS"]);
    story.fleet.want(2);
    expect(story.client.taken()).toEqual([]);
    story.fleet.want(3);
    story.fleet.want(4);
    expect(story.client.taken()).toEqual(["REVIVE"]);
    story.fleet.want(0);
    expect(story.client.taken()).toEqual(["SUPPRESS"]);
  });

  test("are not asked for where no executor is wanted", () => {
    const story = subscribed({ executors: 0 });
    expect(story.client.taken()).toEqual(["SUPPRESS"]);
  });

  test("are taken for as many executors as are wanted, spread over agents, the rest of each goes back at once", () => {
    const story = subscribed({ executors: 3 });
    const [one, two] = [offerOf({ agent: "a" }), offerOf({ agent: "b" })];
    story.offer(one, two);
    expect(story.accepted).toEqual([
      { offer: one.id.value, executors: ["executor-1", "executor-2"] },
      { offer: two.id.value, executors: ["executor-3"] },
    ]);
    expect(story.client.of("ACCEPT").map(({ accept }) => accept.filters?.refuse_seconds)).toEqual([0, 120]);
    expect(story.started).toEqual(["executor-1", "executor-2", "executor-3"]);
  });

  test("spread over what runs already as well", () => {
    const story = subscribed({ executors: 2 });
    story.offer(offerOf({ agent: "a" }));
    story.fleet.want(4);
    story.offer(offerOf({ agent: "a" }), offerOf({ agent: "b" }));
    expect(story.tasks().map(({ agent_id }) => agent_id.value)).toEqual(["a", "a", "b", "b"]);
  });

  test("that do not fit are declined at once, for the time that is configured", () => {
    const story = subscribed({ refusal: 45_000 });
    const small = offerOf({ cpus: 0.5 });
    story.offer(small);
    expect(story.declined).toEqual([{ offers: [small.id.value], seconds: 45 }]);
    expect(story.accepted).toEqual([]);
  });

  test("have to suffice for the Mesos executor, too, where there is none yet", () => {
    const story = subscribed();
    story.offer(offerOf({ cpus: 1, mem: 1024 }));
    expect(story.accepted).toEqual([]);
    story.offer(offerOf({ cpus: 1.1, mem: 1088 }));
    story.fleet.want(2);
    story.offer(offerOf({ cpus: 1, mem: 1024 }));
    expect(story.started).toEqual(["executor-1", "executor-2"]);
  });

  test("that nobody wants are declined together", () => {
    const story = subscribed({ executors: 0 });
    const offers = [offerOf(), offerOf()];
    story.offer(...offers);
    expect(story.declined).toEqual([{ offers: offers.map(({ id }) => id.value), seconds: 120 }]);
  });

  test("of agents that do not meet the constraints are declined", () => {
    const story = subscribed({ executors: 4, constraints: "rack:a;hostname:#1" });
    story.offer(
      offerOf({ agent: "a", attributes: [textAttribute("rack", "a")] }),
      offerOf({ agent: "b", attributes: [textAttribute("rack", "b")] }),
      offerOf({ agent: "c" }),
    );
    expect(story.tasks().map(({ agent_id }) => agent_id.value)).toEqual(["a"]);
    story.offer(offerOf({ agent: "a", attributes: [textAttribute("rack", "a")] }));
    expect(story.tasks()).toHaveLength(1);
    expect(story.declined).toHaveLength(3);
  });

  test("of agents whose maintenance is near are not wanted for a moment", () => {
    const story = subscribed();
    const unavailability = { start: { nanoseconds: 300_000e6 }, duration: { nanoseconds: 60_000e6 } };
    story.offer(offerOf({ unavailability }));
    expect(story.declined).toMatchObject([{ seconds: 2 }]);
    story.timers.advance(360_001);
    story.offer(offerOf({ unavailability }));
    expect(story.started).toEqual(["executor-1"]);
  });
});

describe("a launch", () => {
  test("says what runs where, and that it is one Mesos executor on an agent and role", () => {
    const story = subscribed({ executors: 2 });
    story.offer(offerOf({ agent: "a" }));
    story.fleet.want(4);
    story.offer(offerOf({ agent: "a" }), offerOf({ agent: "a", role: "other" }));
    const [first, second, third, fourth] = story.tasks();
    expect(first).toMatchObject({
      name: "test executor-1",
      task_id: { value: "p-executor-1" },
      agent_id: { value: "a" },
      executor: { executor_id: { value: "p-agent-1" } },
      kill_policy: { grace_period: { nanoseconds: 30e9 } },
    });
    expect(JSON.parse(Buffer.from(first?.data ?? "", "base64").toString())).toMatchObject({
      executor: "executor-1",
      host: "a.example",
      scratchPath: "executor-1",
    });
    expect(second?.executor).toEqual(first?.executor);
    expect(third?.executor).toEqual(first?.executor);
    expect(fourth?.executor?.executor_id.value).toBe("p-agent-2");
    expect(totalOf([...(first?.resources ?? []), ...(first?.executor?.resources ?? [])])).toMatchObject({
      cpus: 1.1,
      mem: 1088,
    });
  });

  test("with ports has each executor listen at the first of its own", () => {
    const range = [{ begin: 31_000, end: 31_003 }];
    const story = subscribed({
      executors: 2,
      needs: { executor: { cpus: 1, mem: 1024, ports: 2 }, supervisor: { cpus: 0.1, mem: 64 } },
    });
    const ports = { name: "ports", type: "RANGES" as const, ranges: { range } };
    story.offer(offerOf({ resources: [scalar("cpus", 4), scalar("mem", 4096), ports] }));
    const settings = story.tasks().map(({ data = "" }) => Buffer.from(data, "base64").toString());
    expect(settings.map((text) => (JSON.parse(text) as { blockPort?: number }).blockPort)).toEqual([31_000, 31_002]);
  });

  test("that the master does not take has ended, and its Mesos executor is not there", async () => {
    const story = subscribed();
    story.client.refusal = ({ type }) => (type === "ACCEPT" ? new Error("no such offer") : undefined);
    story.offer(offerOf({ agent: "a" }));
    await later();
    const reason = "it could not be launched: no such offer";
    expect(story.exited).toEqual([{ executor: "executor-1", end: { code: undefined, signal: undefined, reason } }]);
    expect(story.client.taken()).toEqual(["REVIVE", "SUPPRESS", "REVIVE"]);
    story.client.refusal = () => undefined;
    story.offer(offerOf({ agent: "a" }));
    expect(story.started).toEqual(["executor-1", "executor-2"]);
    expect(story.tasks()[0]?.executor?.executor_id.value).toBe("p-agent-2");
    expect(story.failures).toEqual([]);
  });

  test("that the master does not take leaves the Mesos executor to those that it has", async () => {
    const story = subscribed();
    story.offer(offerOf({ agent: "a" }));
    story.fleet.want(2);
    story.client.refusal = ({ type }) => (type === "ACCEPT" ? new Error("no such offer") : undefined);
    story.offer(offerOf({ agent: "a" }));
    await later();
    story.client.refusal = () => undefined;
    story.offer(offerOf({ agent: "a" }));
    expect(story.tasks().map(({ executor }) => executor?.executor_id.value)).toEqual(["p-agent-1", "p-agent-1"]);
  });

  test("without a subscription is none", async () => {
    const story = subscribed();
    story.client.disconnect();
    story.offer(offerOf());
    await later();
    expect(story.exited).toHaveLength(1);
    story.client.subscribe();
    story.offer(offerOf());
    expect(story.started).toEqual(["executor-1", "executor-2"]);
  });
});

describe("updates", () => {
  test("with a uuid are acknowledged, each time that they come", () => {
    const story = running(1);
    const uuid = story.client.uuid();
    for (let times = 0; times < 2; times++) story.update("executor-1", "TASK_FINISHED", { uuid });
    expect(story.client.of("ACKNOWLEDGE").filter(({ acknowledge }) => acknowledge.uuid === uuid)).toHaveLength(2);
    expect(story.exited).toHaveLength(1);
  });

  test("without a uuid are not: the master makes them", () => {
    const story = running(1);
    const [task] = story.tasks();
    const status = { task_id: { value: "p-executor-1" }, ...(task && { agent_id: task.agent_id }) };
    story.client.say({ type: "UPDATE", update: { status: { ...status, state: "TASK_RUNNING" } } });
    expect(story.client.taken()).toEqual([]);
  });

  test("of an end say how the process ended, where they know it", () => {
    const story = running(3);
    story.update("executor-1", "TASK_FAILED", { data: encodeProcessEnd({ code: undefined, signal: "SIGKILL" }) });
    story.update("executor-2", "TASK_LOST", { message: "the agent is gone" });
    story.update("executor-3", "TASK_FAILED", { reason: "REASON_EXECUTOR_TERMINATED" });
    expect(story.exited).toEqual([
      { executor: "executor-1", end: { code: undefined, signal: "SIGKILL" } },
      {
        executor: "executor-2",
        end: { code: undefined, signal: undefined, reason: "Mesos says TASK_LOST: the agent is gone" },
      },
      {
        executor: "executor-3",
        end: { code: undefined, signal: undefined, reason: "Mesos says TASK_FAILED: REASON_EXECUTOR_TERMINATED" },
      },
    ]);
    expect(story.client.of("REVIVE")).toHaveLength(2);
  });

  test("of tasks that nobody knows end these, unless they have ended or nobody can reach them", () => {
    const story = subscribed();
    for (const state of ["TASK_RUNNING", "TASK_FAILED", "TASK_UNREACHABLE", "TASK_UNKNOWN"] as const) {
      const status = { task_id: { value: `other-${state}` }, agent_id: { value: "a" }, state };
      story.client.say({ type: "UPDATE", update: { status } });
    }
    expect(story.killed).toEqual(["other-TASK_RUNNING"]);
  });

  test("an executor that cannot be reached may come back", () => {
    const story = running(1);
    story.update("executor-1", "TASK_UNREACHABLE");
    expect(story.client.taken()).toEqual(["ACKNOWLEDGE"]);
    story.update("executor-1", "TASK_RUNNING");
    expect(story.client.taken()).toEqual(["ACKNOWLEDGE"]);
    expect(story.exited).toEqual([]);
  });

  test("an executor that was given up while nobody could reach it is ended when it comes back", () => {
    const story = running(1);
    story.update("executor-1", "TASK_UNREACHABLE");
    story.fleet.end("executor-1");
    expect(story.client.taken()).toEqual(["ACKNOWLEDGE", "KILL", "REVIVE"]);
    story.update("executor-1", "TASK_UNREACHABLE");
    expect(story.client.taken()).toEqual(["ACKNOWLEDGE"]);
    story.update("executor-1", "TASK_RUNNING");
    expect(story.client.taken()).toEqual(["ACKNOWLEDGE", "KILL"]);
    story.update("executor-1", "TASK_KILLED");
    expect(story.exited).toHaveLength(1);
  });
});

describe("executors that go", () => {
  test("leave their place to others before they are gone", () => {
    const story = running(1);
    story.fleet.leaving("executor-1");
    story.fleet.leaving("executor-1");
    expect(story.client.taken()).toEqual(["REVIVE"]);
    story.offer(offerOf());
    expect(story.started).toEqual(["executor-1", "executor-2"]);
    story.update("executor-1", "TASK_FINISHED");
    expect(story.client.of("REVIVE")).toHaveLength(2);
    expect(story.exited.map(({ executor }) => executor)).toEqual(["executor-1"]);
  });

  test("are killed when they do not answer, at once, and again with each subscription until they are gone", () => {
    const story = running(1);
    story.fleet.end("executor-1");
    expect(story.client.of("KILL")[0]?.kill).toEqual({
      task_id: { value: "p-executor-1" },
      agent_id: { value: "agent-1" },
      kill_policy: { grace_period: { nanoseconds: 0 } },
    });
    story.client.disconnect();
    story.client.subscribe();
    expect(story.killed).toEqual(["p-executor-1", "p-executor-1"]);
    story.update("executor-1", "TASK_KILLED");
    story.client.disconnect();
    story.client.subscribe();
    expect(story.killed).toHaveLength(2);
    story.fleet.end("executor-1");
    story.fleet.leaving("executor-1");
    story.fleet.worked("executor-1");
    expect(story.killed).toHaveLength(2);
  });
});

describe("a Mesos executor", () => {
  const idsOf = (story: FleetUnderTest): (string | undefined)[] =>
    story.tasks().map(({ executor }) => executor?.executor_id.value);

  test("that has ended is followed by another of another id", () => {
    const story = running(1);
    const failure = { agent_id: { value: "agent-1" }, executor_id: { value: "p-agent-1" }, status: 0 };
    story.update("executor-1", "TASK_FINISHED");
    story.client.say({ type: "FAILURE", failure });
    story.offer(offerOf());
    expect(idsOf(story)).toEqual(["p-agent-1", "p-agent-2"]);
    // The first one's end, told again.
    story.client.say({ type: "FAILURE", failure });
    story.fleet.want(2);
    story.offer(offerOf());
    expect(idsOf(story)).toEqual(["p-agent-1", "p-agent-2", "p-agent-2"]);
  });

  test("goes with its agent", () => {
    const story = running(2);
    story.client.say({ type: "FAILURE", failure: { agent_id: { value: "agent-1" } } });
    story.fleet.want(4);
    story.offer(offerOf({ agent: "agent-1" }), offerOf({ agent: "agent-2" }));
    expect(idsOf(story)).toEqual(["p-agent-1", "p-agent-2", "p-agent-3", "p-agent-2"]);
  });

  test.each(["TASK_LOST", "TASK_DROPPED", "TASK_GONE", "TASK_GONE_BY_OPERATOR", "TASK_ERROR"] as const)(
    "is not believed to be there after %s",
    (state) => {
      const story = running(1);
      story.update("executor-1", state);
      story.timers.advance(60_000);
      story.offer(offerOf());
      expect(idsOf(story)).toEqual(["p-agent-1", "p-agent-2"]);
    },
  );
});

describe("failed starts", () => {
  const fail = (story: FleetUnderTest, executor: string): void =>
    story.update(executor, "TASK_FAILED", { data: encodeProcessEnd({ code: 1, signal: undefined }) });

  test("keep an agent out for a while, longer each time", () => {
    const story = subscribed();
    for (const [index, pause] of [10, 20, 40].entries()) {
      story.offer(offerOf());
      fail(story, `executor-${index + 1}`);
      story.timers.advance(1000);
      story.offer(offerOf());
      expect(story.declined.at(-1)?.seconds).toBe(pause - 1);
      expect(story.started).toHaveLength(index + 1);
      story.client.taken();
      story.timers.advance((pause - 1) * 1000);
      expect(story.client.taken()).toEqual(["REVIVE"]);
    }
  });

  test("leave other agents as they are", () => {
    const story = subscribed();
    story.offer(offerOf({ agent: "a" }));
    fail(story, "executor-1");
    story.offer(offerOf({ agent: "a" }), offerOf({ agent: "b" }));
    expect(story.tasks().map(({ agent_id }) => agent_id.value)).toEqual(["a", "b"]);
    expect(story.declined).toMatchObject([{ seconds: 10 }]);
  });

  test("of executors that started together count once", () => {
    const story = subscribed({ executors: 6 });
    story.offer(offerOf({ agent: "a", cpus: 16, mem: 32_000 }));
    for (const executor of story.started) fail(story, executor);
    expect(story.failures).toEqual([]);
    story.offer(offerOf({ agent: "a" }), offerOf({ agent: "b" }));
    expect(story.declined).toMatchObject([{ seconds: 10 }]);
    expect(story.started.length).toBeGreaterThan(6);
  });

  test("are given up after five in a row", () => {
    const story = subscribed();
    for (let executor = 1; executor <= 5; executor++) {
      expect(story.failures).toEqual([]);
      story.offer(offerOf({ agent: `agent-${executor}` }));
      fail(story, `executor-${executor}`);
    }
    expect(story.failures).toMatchObject([
      { code: "GLOAM_WORKER_LOST", message: expect.stringContaining("it exited with code 1") as string },
    ]);
    expect(story.client.taken().at(-1)).toBe("SUPPRESS");
    story.offer(offerOf({ agent: "other" }));
    expect(story.started).toHaveLength(5);
  });

  test("are none of those that worked, were let go, lived long, or lost their agent", () => {
    const story = subscribed();
    const start = (): string => {
      story.offer(offerOf());
      return story.started.at(-1) ?? "";
    };
    for (let round = 0; round < 3; round++) {
      const worked = start();
      story.fleet.worked(worked);
      fail(story, worked);
      const left = start();
      story.fleet.leaving(left);
      fail(story, left);
      const old = start();
      story.timers.advance(60_000);
      fail(story, old);
      story.update(start(), "TASK_FAILED", { reason: "REASON_AGENT_DRAINING" });
      for (const state of ["TASK_LOST", "TASK_GONE", "TASK_FINISHED"] as const) story.update(start(), state);
    }
    expect(story.declined).toEqual([]);
    expect(story.failures).toEqual([]);
    expect(story.exited).toHaveLength(21);
  });

  test("are forgotten when one works", () => {
    const story = subscribed();
    for (let round = 0; round < 3; round++) {
      for (const agent of ["a", "b", "c"]) {
        story.offer(offerOf({ agent }));
        fail(story, story.started.at(-1) ?? "");
      }
      story.offer(offerOf({ agent: "d" }));
      story.fleet.worked(story.started.at(-1) ?? "");
      story.update(story.started.at(-1) ?? "", "TASK_FINISHED");
      story.timers.advance(60_000);
    }
    expect(story.failures).toEqual([]);
  });

  test("end nothing while another executor works", () => {
    const story = subscribed();
    story.offer(offerOf({ agent: "works" }));
    story.fleet.worked("executor-1");
    story.fleet.want(2);
    for (let executor = 2; executor <= 9; executor++) {
      story.offer(offerOf({ agent: `agent-${executor}` }));
      fail(story, `executor-${executor}`);
    }
    expect(story.failures).toEqual([]);
    story.update("executor-1", "TASK_FINISHED");
    story.offer(offerOf({ agent: "last" }));
    fail(story, "executor-10");
    expect(story.failures).toHaveLength(1);
  });
});

describe("subscriptions", () => {
  test("tell the id of the framework, and what offers are wanted, each time", () => {
    const story = running(1);
    story.client.disconnect();
    story.fleet.want(2);
    expect(story.client.taken()).toEqual([]);
    story.client.subscribe("framework-2");
    expect(story.client.taken()).toEqual(["RECONCILE", "REVIVE"]);
    expect(story.frameworks).toEqual(["framework-1", "framework-2"]);
  });

  test("ask what has become of all tasks, until each has answered", () => {
    const story = running(2);
    story.client.disconnect();
    story.client.subscribe();
    const asked = (): (string | undefined)[] =>
      (story.client.of("RECONCILE").at(-1)?.reconcile.tasks ?? []).map(({ task_id }) => task_id.value);
    expect(asked()).toEqual(["p-executor-1", "p-executor-2"]);
    story.update("executor-1", "TASK_RUNNING");
    story.timers.advance(10_000);
    expect(asked()).toEqual(["p-executor-2"]);
    story.update("executor-2", "TASK_LOST");
    story.client.taken();
    story.timers.advance(600_000);
    expect(story.client.taken()).toEqual([]);
    story.timers.advance(300_000);
    expect(asked()).toEqual([]);
    expect(story.client.taken()).toEqual(["RECONCILE"]);
  });

  test("that are lost are told once, until there was one again", () => {
    const story = running(1);
    story.client.disconnect("no answer");
    story.client.disconnect("still none");
    expect(story.notices).toEqual([
      expect.stringMatching(/^no master takes the application, trying again: .*no answer/),
    ]);
    story.client.subscribe();
    story.client.disconnect();
    expect(story.notices).toHaveLength(2);
  });

  test("that fail for good are told, and the framework is left", async () => {
    const story = running(1);
    const error = new GloamError("GLOAM_MESOS_UNREACHABLE", "no master");
    story.client.fail(error);
    expect(story.failures).toEqual([error]);
    await story.fleet.stop();
    expect(story.removed).toBe(0);
  });

  test("a framework that another scheduler took over is left to it", () => {
    const story = running(1);
    story.client.fail(new GloamError("GLOAM_MESOS_ERROR", "Mesos ended the framework: Framework failed over"));
    expect(story.removed).toBe(0);
  });
});

describe("maintenance", () => {
  const inverseOffer = (id: string, agent: string | undefined, start: number) => ({
    id: { value: id },
    framework_id: { value: "framework-1" },
    ...(agent !== undefined && { agent_id: { value: agent } }),
    unavailability: { start: { nanoseconds: start * 1e6 } },
  });
  const accepted = (story: FleetUnderTest): string[] =>
    story.client
      .of("ACCEPT_INVERSE_OFFERS")
      .flatMap(({ accept_inverse_offers: { inverse_offer_ids = [] } }) => inverse_offer_ids.map(({ value }) => value));
  const say = (story: FleetUnderTest, ...inverse_offers: readonly ReturnType<typeof inverseOffer>[]): void =>
    story.client.say({ type: "INVERSE_OFFERS", inverse_offers: { inverse_offers } });

  test("has executors of the agent go, and is accepted when the last is gone", () => {
    const story = running(2);
    story.fleet.want(3);
    story.offer(offerOf({ agent: "agent-1" }));
    story.timers.advance(1000);
    say(story, inverseOffer("i-1", "agent-1", 61_000));
    expect(story.draining).toEqual([
      { executor: "executor-1", within: 60_000 },
      { executor: "executor-3", within: 60_000 },
    ]);
    story.update("executor-1", "TASK_FINISHED");
    expect(accepted(story)).toEqual([]);
    story.update("executor-3", "TASK_FINISHED");
    expect(accepted(story)).toEqual(["i-1"]);
  });

  test("is accepted at once for an agent that has no executor", () => {
    const story = running(1);
    say(story, inverseOffer("i-1", "agent-9", 60_000), inverseOffer("i-2", "agent-1", 60_000));
    expect(accepted(story)).toEqual(["i-1"]);
  });

  test("that is far away has executors go when it is near, unless it was taken back meanwhile", () => {
    const story = running(2);
    const hour = 3_600_000;
    say(story, inverseOffer("i-1", "agent-1", hour), inverseOffer("i-2", "agent-2", hour));
    story.client.say({
      type: "RESCIND_INVERSE_OFFER",
      rescind_inverse_offer: { inverse_offer_id: { value: "i-2" } },
    });
    story.timers.advance(hour - 600_001);
    expect(story.draining).toEqual([]);
    expect(accepted(story)).toEqual([]);
    story.timers.advance(1);
    expect(story.draining).toEqual([{ executor: "executor-1", within: 600_000 }]);
    story.update("executor-1", "TASK_FINISHED");
    expect(accepted(story)).toEqual(["i-1"]);
  });

  test("that is far away is accepted at once for an agent that has no executor, and comes again when it has one", () => {
    const story = running(1);
    say(story, inverseOffer("i-1", "agent-2", 3_600_000));
    expect(accepted(story)).toEqual(["i-1"]);
    story.fleet.want(2);
    story.offer(offerOf({ agent: "agent-2" }));
    say(story, inverseOffer("i-2", "agent-2", 3_600_000));
    story.timers.advance(3_000_000);
    expect(story.draining).toEqual([{ executor: "executor-2", within: 600_000 }]);
  });

  test("of no agent is of all", () => {
    const story = running(2);
    say(story, inverseOffer("i-1", undefined, -1000));
    expect(story.draining).toEqual([
      { executor: "executor-1", within: 0 },
      { executor: "executor-2", within: 0 },
    ]);
    story.update("executor-1", "TASK_FINISHED");
    expect(accepted(story)).toEqual([]);
    story.update("executor-2", "TASK_FINISHED");
    expect(accepted(story)).toEqual(["i-1"]);
  });

  test("that is taken back, or of a subscription before, is not accepted", () => {
    const story = running(2);
    say(story, inverseOffer("i-1", "agent-1", 60_000));
    story.client.say({
      type: "RESCIND_INVERSE_OFFER",
      rescind_inverse_offer: { inverse_offer_id: { value: "i-1" } },
    });
    story.update("executor-1", "TASK_FINISHED");
    say(story, inverseOffer("i-2", "agent-2", 60_000));
    story.client.disconnect();
    story.client.subscribe();
    story.update("executor-2", "TASK_FINISHED");
    expect(accepted(story)).toEqual([]);
  });
});

describe("stop", () => {
  test("removes the framework at once where nothing runs", async () => {
    const story = subscribed();
    await story.fleet.stop();
    expect(story.client.stopped).toEqual({ teardown: true });
    expect(story.removed).toBe(1);
    expect(story.timers.pending).toBe(0);
  });

  test("waits for executors, and ends those that never had a task", async () => {
    const story = running(2);
    story.fleet.worked("executor-1");
    const stopping = story.fleet.stop();
    expect(story.client.of("KILL").map(({ kill }) => [kill.task_id.value, kill.kill_policy])).toEqual([
      ["p-executor-2", { grace_period: { nanoseconds: 1e9 } }],
    ]);
    const late = offerOf();
    story.offer(late);
    expect(story.declined.at(-1)?.offers).toEqual([late.id.value]);
    story.update("executor-1", "TASK_FINISHED");
    await later();
    expect(story.client.stopped).toBeUndefined();
    story.update("executor-2", "TASK_KILLED");
    await stopping;
    expect(story.client.stopped).toEqual({ teardown: true });
    expect(story.removed).toBe(1);
    // Nobody is told of what they know.
    expect(story.exited).toEqual([]);
    expect(story.started).toHaveLength(2);
    expect(story.timers.pending).toBe(0);
  });

  test("waits no longer than a few seconds", async () => {
    const story = running(1);
    const stopping = story.fleet.stop();
    story.timers.advance(5000);
    await stopping;
    expect(story.client.stopped).toEqual({ teardown: true });
    expect(story.removed).toBe(1);
  });

  test("leaves the framework where there is no master to be told", async () => {
    const story = running(1);
    story.client.disconnect();
    await story.fleet.stop();
    expect(story.removed).toBe(0);
    expect(story.timers.pending).toBe(0);
  });

  test("ends with a subscription that fails for good meanwhile", async () => {
    const story = running(1);
    const stopping = story.fleet.stop();
    story.client.fail(new GloamError("GLOAM_MESOS_ERROR", "removed"));
    await stopping;
    expect(story.failures).toEqual([]);
  });
});

describe("notices", () => {
  test("say what is waited for while there is no executor, soon and then now and then", () => {
    const story = subscribed();
    story.offer(offerOf({ cpus: 0.5, mem: 2048 }));
    story.timers.advance(4999);
    expect(story.notices).toEqual([]);
    story.timers.advance(1);
    expect(story.notices).toEqual(["waiting for resources: asked 1 cpus and 1 GiB, best offer 0.5 cpus and 2 GiB"]);
    story.timers.advance(59_999);
    expect(story.notices).toHaveLength(1);
    story.timers.advance(1);
    expect(story.notices).toHaveLength(2);
  });

  test("are silent while there is an executor, none is wanted, or no master is there", () => {
    for (const story of [running(1), subscribed({ executors: 0 }), new FleetUnderTest()]) {
      story.timers.advance(300_000);
      expect(story.notices).toEqual([]);
    }
  });
});
