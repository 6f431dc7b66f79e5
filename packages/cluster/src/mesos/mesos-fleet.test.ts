import { GloamError } from "@gloam/common";
import { totalOf } from "@gloam/mesos";
import { describe, expect, test } from "vitest";
import { encodeProcessEnd } from "./process-end-data.ts";
import { FleetUnderTest, type FleetWords } from "./testing/fleet-under-test.ts";
import { offerOf, textAttribute } from "./testing/offers.ts";

/** What is refused comes back as a rejection, which is handled a little later. */
const later = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function subscribed(words: FleetWords = {}): FleetUnderTest {
  const test = new FleetUnderTest(words);
  test.client.subscribe();
  return test;
}

/** One whose executors run, on an agent each. */
function running(executors: number, words: FleetWords = {}): FleetUnderTest {
  const test = subscribed({ executors, ...words });
  test.offer(...Array.from({ length: executors }, (_, index) => offerOf({ agent: `agent-${index + 1}` })));
  for (const executor of test.started) test.update(executor, "TASK_RUNNING");
  test.client.taken();
  return test;
}

describe("offers", () => {
  test("are asked for as soon as there is a subscription, and no more when there are enough executors", () => {
    const test = new FleetUnderTest({ executors: 2 });
    expect(test.client.calls).toEqual([]);
    test.client.subscribe();
    expect(test.client.taken()).toEqual(["REVIVE"]);
    test.offer(offerOf());
    expect(test.client.taken()).toEqual(["ACCEPT", "SUPPRESS"]);
    test.fleet.want(2);
    expect(test.client.taken()).toEqual([]);
    test.fleet.want(3);
    test.fleet.want(4);
    expect(test.client.taken()).toEqual(["REVIVE"]);
    test.fleet.want(0);
    expect(test.client.taken()).toEqual(["SUPPRESS"]);
  });

  test("are not asked for where no executor is wanted", () => {
    const test = subscribed({ executors: 0 });
    expect(test.client.taken()).toEqual(["SUPPRESS"]);
  });

  test("are taken for as many executors as are wanted, spread over agents, the rest of each goes back at once", () => {
    const test = subscribed({ executors: 3 });
    const [one, two] = [offerOf({ agent: "a" }), offerOf({ agent: "b" })];
    test.offer(one, two);
    expect(test.accepted).toEqual([
      { offer: one.id.value, executors: ["executor-1", "executor-2"] },
      { offer: two.id.value, executors: ["executor-3"] },
    ]);
    expect(test.client.of("ACCEPT").map(({ accept }) => accept.filters?.refuse_seconds)).toEqual([0, 120]);
    expect(test.started).toEqual(["executor-1", "executor-2", "executor-3"]);
  });

  test("spread over what runs already as well", () => {
    const test = subscribed({ executors: 2 });
    test.offer(offerOf({ agent: "a" }));
    test.fleet.want(4);
    test.offer(offerOf({ agent: "a" }), offerOf({ agent: "b" }));
    expect(test.tasks().map(({ agent_id }) => agent_id.value)).toEqual(["a", "a", "b", "b"]);
  });

  test("that do not fit are declined at once, for the time that is configured", () => {
    const test = subscribed({ refusal: 45_000 });
    const small = offerOf({ cpus: 0.5 });
    test.offer(small);
    expect(test.declined).toEqual([{ offers: [small.id.value], seconds: 45 }]);
    expect(test.accepted).toEqual([]);
  });

  test("have to suffice for the Mesos executor, too, where there is none yet", () => {
    const test = subscribed();
    test.offer(offerOf({ cpus: 1, mem: 1024 }));
    expect(test.accepted).toEqual([]);
    test.offer(offerOf({ cpus: 1.1, mem: 1088 }));
    test.fleet.want(2);
    test.offer(offerOf({ cpus: 1, mem: 1024 }));
    expect(test.started).toEqual(["executor-1", "executor-2"]);
  });

  test("that nobody wants are declined together", () => {
    const test = subscribed({ executors: 0 });
    const offers = [offerOf(), offerOf()];
    test.offer(...offers);
    expect(test.declined).toEqual([{ offers: offers.map(({ id }) => id.value), seconds: 120 }]);
  });

  test("of agents that do not meet the constraints are declined", () => {
    const test = subscribed({ executors: 4, constraints: "rack:a;hostname:#1" });
    test.offer(
      offerOf({ agent: "a", attributes: [textAttribute("rack", "a")] }),
      offerOf({ agent: "b", attributes: [textAttribute("rack", "b")] }),
      offerOf({ agent: "c" }),
    );
    expect(test.tasks().map(({ agent_id }) => agent_id.value)).toEqual(["a"]);
    test.offer(offerOf({ agent: "a", attributes: [textAttribute("rack", "a")] }));
    expect(test.tasks()).toHaveLength(1);
    expect(test.declined).toHaveLength(3);
  });

  test("of agents whose maintenance is near are not wanted for a moment", () => {
    const test = subscribed();
    const unavailability = { start: { nanoseconds: 300_000e6 }, duration: { nanoseconds: 60_000e6 } };
    test.offer(offerOf({ unavailability }));
    expect(test.declined).toMatchObject([{ seconds: 2 }]);
    test.timers.advance(360_001);
    test.offer(offerOf({ unavailability }));
    expect(test.started).toEqual(["executor-1"]);
  });
});

describe("a launch", () => {
  test("says what runs where, and that it is one Mesos executor on an agent and role", () => {
    const test = subscribed({ executors: 2 });
    test.offer(offerOf({ agent: "a" }));
    test.fleet.want(4);
    test.offer(offerOf({ agent: "a" }), offerOf({ agent: "a", role: "other" }));
    const [first, second, third, fourth] = test.tasks();
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

  test("that the master does not take has ended, and its Mesos executor is not there", async () => {
    const test = subscribed();
    test.client.refusal = ({ type }) => (type === "ACCEPT" ? new Error("no such offer") : undefined);
    test.offer(offerOf({ agent: "a" }));
    await later();
    const reason = "it could not be launched: no such offer";
    expect(test.exited).toEqual([{ executor: "executor-1", end: { code: undefined, signal: undefined, reason } }]);
    expect(test.client.taken()).toEqual(["REVIVE", "SUPPRESS", "REVIVE"]);
    test.client.refusal = () => undefined;
    test.offer(offerOf({ agent: "a" }));
    expect(test.started).toEqual(["executor-1", "executor-2"]);
    expect(test.tasks()[0]?.executor?.executor_id.value).toBe("p-agent-2");
    expect(test.failures).toEqual([]);
  });

  test("that the master does not take leaves the Mesos executor to those that it has", async () => {
    const test = subscribed();
    test.offer(offerOf({ agent: "a" }));
    test.fleet.want(2);
    test.client.refusal = ({ type }) => (type === "ACCEPT" ? new Error("no such offer") : undefined);
    test.offer(offerOf({ agent: "a" }));
    await later();
    test.client.refusal = () => undefined;
    test.offer(offerOf({ agent: "a" }));
    expect(test.tasks().map(({ executor }) => executor?.executor_id.value)).toEqual(["p-agent-1", "p-agent-1"]);
  });

  test("without a subscription is none", async () => {
    const test = subscribed();
    test.client.disconnect();
    test.offer(offerOf());
    await later();
    expect(test.exited).toHaveLength(1);
    test.client.subscribe();
    test.offer(offerOf());
    expect(test.started).toEqual(["executor-1", "executor-2"]);
  });
});

describe("updates", () => {
  test("with a uuid are acknowledged, each time that they come", () => {
    const test = running(1);
    const uuid = test.client.uuid();
    for (let times = 0; times < 2; times++) test.update("executor-1", "TASK_FINISHED", { uuid });
    expect(test.client.of("ACKNOWLEDGE").filter(({ acknowledge }) => acknowledge.uuid === uuid)).toHaveLength(2);
    expect(test.exited).toHaveLength(1);
  });

  test("without a uuid are not: the master makes them", () => {
    const test = running(1);
    const [task] = test.tasks();
    const status = { task_id: { value: "p-executor-1" }, ...(task && { agent_id: task.agent_id }) };
    test.client.say({ type: "UPDATE", update: { status: { ...status, state: "TASK_RUNNING" } } });
    expect(test.client.taken()).toEqual([]);
  });

  test("of an end say how the process ended, where they know it", () => {
    const test = running(3);
    test.update("executor-1", "TASK_FAILED", { data: encodeProcessEnd({ code: undefined, signal: "SIGKILL" }) });
    test.update("executor-2", "TASK_LOST", { message: "the agent is gone" });
    test.update("executor-3", "TASK_FAILED", { reason: "REASON_EXECUTOR_TERMINATED" });
    expect(test.exited).toEqual([
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
    expect(test.client.of("REVIVE")).toHaveLength(2);
  });

  test("of tasks that nobody knows end these, unless they have ended or nobody can reach them", () => {
    const test = subscribed();
    for (const state of ["TASK_RUNNING", "TASK_FAILED", "TASK_UNREACHABLE", "TASK_UNKNOWN"] as const) {
      const status = { task_id: { value: `other-${state}` }, agent_id: { value: "a" }, state };
      test.client.say({ type: "UPDATE", update: { status } });
    }
    expect(test.killed).toEqual(["other-TASK_RUNNING"]);
  });

  test("an executor that cannot be reached may come back", () => {
    const test = running(1);
    test.update("executor-1", "TASK_UNREACHABLE");
    expect(test.client.taken()).toEqual(["ACKNOWLEDGE"]);
    test.update("executor-1", "TASK_RUNNING");
    expect(test.client.taken()).toEqual(["ACKNOWLEDGE"]);
    expect(test.exited).toEqual([]);
  });

  test("an executor that was given up while nobody could reach it is ended when it comes back", () => {
    const test = running(1);
    test.update("executor-1", "TASK_UNREACHABLE");
    test.fleet.end("executor-1");
    expect(test.client.taken()).toEqual(["ACKNOWLEDGE", "KILL", "REVIVE"]);
    test.update("executor-1", "TASK_UNREACHABLE");
    expect(test.client.taken()).toEqual(["ACKNOWLEDGE"]);
    test.update("executor-1", "TASK_RUNNING");
    expect(test.client.taken()).toEqual(["ACKNOWLEDGE", "KILL"]);
    test.update("executor-1", "TASK_KILLED");
    expect(test.exited).toHaveLength(1);
  });
});

describe("executors that go", () => {
  test("leave their place to others before they are gone", () => {
    const test = running(1);
    test.fleet.leaving("executor-1");
    test.fleet.leaving("executor-1");
    expect(test.client.taken()).toEqual(["REVIVE"]);
    test.offer(offerOf());
    expect(test.started).toEqual(["executor-1", "executor-2"]);
    test.update("executor-1", "TASK_FINISHED");
    expect(test.client.of("REVIVE")).toHaveLength(2);
    expect(test.exited.map(({ executor }) => executor)).toEqual(["executor-1"]);
  });

  test("are killed when they do not answer, at once, and again with each subscription until they are gone", () => {
    const test = running(1);
    test.fleet.end("executor-1");
    expect(test.client.of("KILL")[0]?.kill).toEqual({
      task_id: { value: "p-executor-1" },
      agent_id: { value: "agent-1" },
      kill_policy: { grace_period: { nanoseconds: 0 } },
    });
    test.client.disconnect();
    test.client.subscribe();
    expect(test.killed).toEqual(["p-executor-1", "p-executor-1"]);
    test.update("executor-1", "TASK_KILLED");
    test.client.disconnect();
    test.client.subscribe();
    expect(test.killed).toHaveLength(2);
    test.fleet.end("executor-1");
    test.fleet.leaving("executor-1");
    test.fleet.worked("executor-1");
    expect(test.killed).toHaveLength(2);
  });
});

describe("a Mesos executor", () => {
  const idsOf = (test: FleetUnderTest): (string | undefined)[] =>
    test.tasks().map(({ executor }) => executor?.executor_id.value);

  test("that has ended is followed by another of another id", () => {
    const test = running(1);
    const failure = { agent_id: { value: "agent-1" }, executor_id: { value: "p-agent-1" }, status: 0 };
    test.update("executor-1", "TASK_FINISHED");
    test.client.say({ type: "FAILURE", failure });
    test.offer(offerOf());
    expect(idsOf(test)).toEqual(["p-agent-1", "p-agent-2"]);
    // The first one's end, told again.
    test.client.say({ type: "FAILURE", failure });
    test.fleet.want(2);
    test.offer(offerOf());
    expect(idsOf(test)).toEqual(["p-agent-1", "p-agent-2", "p-agent-2"]);
  });

  test("goes with its agent", () => {
    const test = running(2);
    test.client.say({ type: "FAILURE", failure: { agent_id: { value: "agent-1" } } });
    test.fleet.want(4);
    test.offer(offerOf({ agent: "agent-1" }), offerOf({ agent: "agent-2" }));
    expect(idsOf(test)).toEqual(["p-agent-1", "p-agent-2", "p-agent-3", "p-agent-2"]);
  });

  test.each(["TASK_LOST", "TASK_DROPPED", "TASK_GONE", "TASK_GONE_BY_OPERATOR", "TASK_ERROR"] as const)(
    "is not believed to be there after %s",
    (state) => {
      const test = running(1);
      test.update("executor-1", state);
      test.timers.advance(60_000);
      test.offer(offerOf());
      expect(idsOf(test)).toEqual(["p-agent-1", "p-agent-2"]);
    },
  );
});

describe("failed starts", () => {
  const fail = (test: FleetUnderTest, executor: string): void =>
    test.update(executor, "TASK_FAILED", { data: encodeProcessEnd({ code: 1, signal: undefined }) });

  test("keep an agent out for a while, longer each time", () => {
    const test = subscribed();
    for (const [index, pause] of [10, 20, 40].entries()) {
      test.offer(offerOf());
      fail(test, `executor-${index + 1}`);
      test.timers.advance(1000);
      test.offer(offerOf());
      expect(test.declined.at(-1)?.seconds).toBe(pause - 1);
      expect(test.started).toHaveLength(index + 1);
      test.client.taken();
      test.timers.advance((pause - 1) * 1000);
      expect(test.client.taken()).toEqual(["REVIVE"]);
    }
  });

  test("leave other agents as they are", () => {
    const test = subscribed();
    test.offer(offerOf({ agent: "a" }));
    fail(test, "executor-1");
    test.offer(offerOf({ agent: "a" }), offerOf({ agent: "b" }));
    expect(test.tasks().map(({ agent_id }) => agent_id.value)).toEqual(["a", "b"]);
    expect(test.declined).toMatchObject([{ seconds: 10 }]);
  });

  test("of executors that started together count once", () => {
    const test = subscribed({ executors: 6 });
    test.offer(offerOf({ agent: "a", cpus: 16, mem: 32_000 }));
    for (const executor of test.started) fail(test, executor);
    expect(test.failures).toEqual([]);
    test.offer(offerOf({ agent: "a" }), offerOf({ agent: "b" }));
    expect(test.declined).toMatchObject([{ seconds: 10 }]);
    expect(test.started.length).toBeGreaterThan(6);
  });

  test("are given up after five in a row", () => {
    const test = subscribed();
    for (let executor = 1; executor <= 5; executor++) {
      expect(test.failures).toEqual([]);
      test.offer(offerOf({ agent: `agent-${executor}` }));
      fail(test, `executor-${executor}`);
    }
    expect(test.failures).toMatchObject([
      { code: "GLOAM_WORKER_LOST", message: expect.stringContaining("it exited with code 1") as string },
    ]);
    expect(test.client.taken().at(-1)).toBe("SUPPRESS");
    test.offer(offerOf({ agent: "other" }));
    expect(test.started).toHaveLength(5);
  });

  test("are none of those that worked, were let go, lived long, or lost their agent", () => {
    const test = subscribed();
    const start = (): string => {
      test.offer(offerOf());
      return test.started.at(-1) ?? "";
    };
    for (let round = 0; round < 3; round++) {
      const worked = start();
      test.fleet.worked(worked);
      fail(test, worked);
      const left = start();
      test.fleet.leaving(left);
      fail(test, left);
      const old = start();
      test.timers.advance(60_000);
      fail(test, old);
      test.update(start(), "TASK_FAILED", { reason: "REASON_AGENT_DRAINING" });
      for (const state of ["TASK_LOST", "TASK_GONE", "TASK_FINISHED"] as const) test.update(start(), state);
    }
    expect(test.declined).toEqual([]);
    expect(test.failures).toEqual([]);
    expect(test.exited).toHaveLength(21);
  });

  test("are forgotten when one works", () => {
    const test = subscribed();
    for (let round = 0; round < 3; round++) {
      for (const agent of ["a", "b", "c"]) {
        test.offer(offerOf({ agent }));
        fail(test, test.started.at(-1) ?? "");
      }
      test.offer(offerOf({ agent: "d" }));
      test.fleet.worked(test.started.at(-1) ?? "");
      test.update(test.started.at(-1) ?? "", "TASK_FINISHED");
      test.timers.advance(60_000);
    }
    expect(test.failures).toEqual([]);
  });

  test("end nothing while another executor works", () => {
    const test = subscribed();
    test.offer(offerOf({ agent: "works" }));
    test.fleet.worked("executor-1");
    test.fleet.want(2);
    for (let executor = 2; executor <= 9; executor++) {
      test.offer(offerOf({ agent: `agent-${executor}` }));
      fail(test, `executor-${executor}`);
    }
    expect(test.failures).toEqual([]);
    test.update("executor-1", "TASK_FINISHED");
    test.offer(offerOf({ agent: "last" }));
    fail(test, "executor-10");
    expect(test.failures).toHaveLength(1);
  });
});

describe("subscriptions", () => {
  test("tell the id of the framework, and what offers are wanted, each time", () => {
    const test = running(1);
    test.client.disconnect();
    test.fleet.want(2);
    expect(test.client.taken()).toEqual([]);
    test.client.subscribe("framework-2");
    expect(test.client.taken()).toEqual(["RECONCILE", "REVIVE"]);
    expect(test.frameworks).toEqual(["framework-1", "framework-2"]);
  });

  test("ask what has become of all tasks, until each has answered", () => {
    const test = running(2);
    test.client.disconnect();
    test.client.subscribe();
    const asked = (): (string | undefined)[] =>
      (test.client.of("RECONCILE").at(-1)?.reconcile.tasks ?? []).map(({ task_id }) => task_id.value);
    expect(asked()).toEqual(["p-executor-1", "p-executor-2"]);
    test.update("executor-1", "TASK_RUNNING");
    test.timers.advance(10_000);
    expect(asked()).toEqual(["p-executor-2"]);
    test.update("executor-2", "TASK_LOST");
    test.client.taken();
    test.timers.advance(600_000);
    expect(test.client.taken()).toEqual([]);
    test.timers.advance(300_000);
    expect(asked()).toEqual([]);
    expect(test.client.taken()).toEqual(["RECONCILE"]);
  });

  test("that are lost are told once, until there was one again", () => {
    const test = running(1);
    test.client.disconnect("no answer");
    test.client.disconnect("still none");
    expect(test.notices).toEqual([
      expect.stringMatching(/^no master takes the application, trying again: .*no answer/),
    ]);
    test.client.subscribe();
    test.client.disconnect();
    expect(test.notices).toHaveLength(2);
  });

  test("that fail for good are told, and the framework is left", async () => {
    const test = running(1);
    const error = new GloamError("GLOAM_MESOS_UNREACHABLE", "no master");
    test.client.fail(error);
    expect(test.failures).toEqual([error]);
    await test.fleet.stop();
    expect(test.removed).toBe(0);
  });

  test("a framework that was to be taken over and is no more is forgotten", () => {
    const test = new FleetUnderTest();
    test.client.fail(new GloamError("GLOAM_MESOS_ERROR", "Mesos ended the framework: Framework has been removed"));
    expect(test.removed).toBe(1);
    // It registers as another one, unless that is refused too.
    expect(test.failures).toEqual([]);
    test.client.fail(new GloamError("GLOAM_MESOS_UNREACHABLE", "no master"));
    expect(test.failures).toHaveLength(1);
  });

  test("a framework that another scheduler took over is left to it", () => {
    const test = running(1);
    test.client.fail(new GloamError("GLOAM_MESOS_ERROR", "Mesos ended the framework: Framework failed over"));
    expect(test.removed).toBe(0);
  });
});

describe("maintenance", () => {
  const inverseOffer = (id: string, agent: string | undefined, start: number) => ({
    id: { value: id },
    framework_id: { value: "framework-1" },
    ...(agent !== undefined && { agent_id: { value: agent } }),
    unavailability: { start: { nanoseconds: start * 1e6 } },
  });
  const accepted = (test: FleetUnderTest): string[] =>
    test.client
      .of("ACCEPT_INVERSE_OFFERS")
      .flatMap(({ accept_inverse_offers: { inverse_offer_ids = [] } }) => inverse_offer_ids.map(({ value }) => value));
  const say = (test: FleetUnderTest, ...inverse_offers: readonly ReturnType<typeof inverseOffer>[]): void =>
    test.client.say({ type: "INVERSE_OFFERS", inverse_offers: { inverse_offers } });

  test("has executors of the agent go, and is accepted when the last is gone", () => {
    const test = running(2);
    test.fleet.want(3);
    test.offer(offerOf({ agent: "agent-1" }));
    test.timers.advance(1000);
    say(test, inverseOffer("i-1", "agent-1", 61_000));
    expect(test.draining).toEqual([
      { executor: "executor-1", within: 60_000 },
      { executor: "executor-3", within: 60_000 },
    ]);
    test.update("executor-1", "TASK_FINISHED");
    expect(accepted(test)).toEqual([]);
    test.update("executor-3", "TASK_FINISHED");
    expect(accepted(test)).toEqual(["i-1"]);
  });

  test("that is far ahead leaves executors alone until it is near, unless it is taken back", () => {
    const test = running(2);
    say(test, inverseOffer("i-1", "agent-1", 3_600_000), inverseOffer("i-2", "agent-2", 3_600_000));
    test.client.say({
      type: "RESCIND_INVERSE_OFFER",
      rescind_inverse_offer: { inverse_offer_id: { value: "i-2" } },
    });
    test.timers.advance(2_990_000);
    expect(test.draining).toEqual([]);
    test.timers.advance(20_000);
    expect(test.draining).toEqual([{ executor: "executor-1", within: 600_000 }]);
    expect(accepted(test)).toEqual([]);
    test.update("executor-1", "TASK_FINISHED");
    expect(accepted(test)).toEqual(["i-1"]);
  });

  test("is accepted at once for an agent that has no executor", () => {
    const test = running(1);
    say(test, inverseOffer("i-1", "agent-9", 60_000), inverseOffer("i-2", "agent-1", 60_000));
    expect(accepted(test)).toEqual(["i-1"]);
  });

  test("of no agent is of all", () => {
    const test = running(2);
    say(test, inverseOffer("i-1", undefined, -1000));
    expect(test.draining).toEqual([
      { executor: "executor-1", within: 0 },
      { executor: "executor-2", within: 0 },
    ]);
    test.update("executor-1", "TASK_FINISHED");
    expect(accepted(test)).toEqual([]);
    test.update("executor-2", "TASK_FINISHED");
    expect(accepted(test)).toEqual(["i-1"]);
  });

  test("that is taken back, or of a subscription before, is not accepted", () => {
    const test = running(2);
    say(test, inverseOffer("i-1", "agent-1", 60_000));
    test.client.say({
      type: "RESCIND_INVERSE_OFFER",
      rescind_inverse_offer: { inverse_offer_id: { value: "i-1" } },
    });
    test.update("executor-1", "TASK_FINISHED");
    say(test, inverseOffer("i-2", "agent-2", 60_000));
    test.client.disconnect();
    test.client.subscribe();
    test.update("executor-2", "TASK_FINISHED");
    expect(accepted(test)).toEqual([]);
  });
});

describe("stop", () => {
  test("removes the framework at once where nothing runs", async () => {
    const test = subscribed();
    await test.fleet.stop();
    expect(test.client.stopped).toEqual({ teardown: true });
    expect(test.removed).toBe(1);
    expect(test.timers.pending).toBe(0);
  });

  test("waits for executors, and ends those that never had a task", async () => {
    const test = running(2);
    test.fleet.worked("executor-1");
    const stopping = test.fleet.stop();
    expect(test.client.of("KILL").map(({ kill }) => [kill.task_id.value, kill.kill_policy])).toEqual([
      ["p-executor-2", { grace_period: { nanoseconds: 1e9 } }],
    ]);
    const late = offerOf();
    test.offer(late);
    expect(test.declined.at(-1)?.offers).toEqual([late.id.value]);
    test.update("executor-1", "TASK_FINISHED");
    await later();
    expect(test.client.stopped).toBeUndefined();
    test.update("executor-2", "TASK_KILLED");
    await stopping;
    expect(test.client.stopped).toEqual({ teardown: true });
    expect(test.removed).toBe(1);
    // Nobody is told of what they know.
    expect(test.exited).toEqual([]);
    expect(test.started).toHaveLength(2);
    expect(test.timers.pending).toBe(0);
  });

  test("waits no longer than a few seconds", async () => {
    const test = running(1);
    const stopping = test.fleet.stop();
    test.timers.advance(5000);
    await stopping;
    expect(test.client.stopped).toEqual({ teardown: true });
    expect(test.removed).toBe(1);
  });

  test("leaves the framework where there is no master to be told", async () => {
    const test = running(1);
    test.client.disconnect();
    await test.fleet.stop();
    expect(test.removed).toBe(0);
    expect(test.timers.pending).toBe(0);
  });

  test("ends with a subscription that fails for good meanwhile", async () => {
    const test = running(1);
    const stopping = test.fleet.stop();
    test.client.fail(new GloamError("GLOAM_MESOS_ERROR", "removed"));
    await stopping;
    expect(test.failures).toEqual([]);
  });
});

describe("notices", () => {
  test("say what is waited for while there is no executor, soon and then now and then", () => {
    const test = subscribed();
    test.offer(offerOf({ cpus: 0.5, mem: 2048 }));
    test.timers.advance(4999);
    expect(test.notices).toEqual([]);
    test.timers.advance(1);
    expect(test.notices).toEqual(["waiting for resources: asked 1 cpus and 1 GiB, best offer 0.5 cpus and 2 GiB"]);
    test.timers.advance(59_999);
    expect(test.notices).toHaveLength(1);
    test.timers.advance(1);
    expect(test.notices).toHaveLength(2);
  });

  test("are silent while there is an executor, none is wanted, or no master is there", () => {
    for (const test of [running(1), subscribed({ executors: 0 }), new FleetUnderTest()]) {
      test.timers.advance(300_000);
      expect(test.notices).toEqual([]);
    }
  });
});
