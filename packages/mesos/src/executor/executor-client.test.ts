import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GloamError } from "@gloam/common";
import { afterEach, describe, expect, test } from "vitest";
import type { ExecutorCallSubscribe, ExecutorEvent } from "../messages/executor.ts";
import type { TaskStatus } from "../messages/mesos.ts";
import { FakeMesos, type ReceivedCall } from "../testing/fake-mesos.ts";
import { swiftTimers } from "../testing/swift-timers.ts";
import { ExecutorClient } from "./executor-client.ts";
import { executorEnvironment } from "./executor-environment.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function startAgent(...parameters: Parameters<typeof FakeMesos.start>): Promise<FakeMesos> {
  const agent = await FakeMesos.start(...parameters);
  ends.push(() => agent.stop());
  agent.subscribed = {
    type: "SUBSCRIBED",
    subscribed: {
      executor_info: { executor_id: { value: "e" } },
      framework_info: { user: "root", name: "n" },
      agent_info: { hostname: "h" },
    },
  };
  return agent;
}

/** A client and what it was told. */
class Told {
  subscriptions = 0;
  readonly events: ExecutorEvent[] = [];
  readonly ends: (GloamError | undefined)[] = [];
  readonly client: ExecutorClient;

  constructor(agent: FakeMesos, variables: Readonly<Record<string, string>> = {}) {
    const environment = executorEnvironment({
      MESOS_SLAVE_PID: `slave(2)@${agent.address || "127.0.0.1:1"}`,
      MESOS_FRAMEWORK_ID: "f",
      MESOS_EXECUTOR_ID: "e",
      MESOS_DIRECTORY: "/",
      ...variables,
    });
    this.client = new ExecutorClient(
      { environment, timers: swiftTimers(20) },
      {
        onSubscribed: () => this.subscriptions++,
        onEvent: (event) => this.events.push(event),
        onEnd: (reason) => this.ends.push(reason),
      },
    );
    ends.push(() => this.client.stop());
    this.client.start();
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  subscribed(count: number): Promise<void> {
    return this.until(() => this.subscriptions >= count);
  }
}

const checkpointing = { MESOS_CHECKPOINT: "1", MESOS_RECOVERY_TIMEOUT: "20secs" };
const task = (value: string) => ({ name: value, task_id: { value }, agent_id: { value: "a" } });
const statusOf = ({ call }: ReceivedCall): TaskStatus => (call["update"] as { status: TaskStatus }).status;
const subscribeOf = (received: ReceivedCall | undefined): ExecutorCallSubscribe =>
  received?.call["subscribe"] as ExecutorCallSubscribe;
const acknowledge = (agent: FakeMesos, { task_id, uuid }: TaskStatus): void =>
  agent.send({ type: "ACKNOWLEDGED", acknowledged: { task_id, uuid } });

describe("a subscription", () => {
  test("goes to the agent's own path, with the token", async () => {
    const agent = await startAgent();
    const told = new Told(agent, { MESOS_EXECUTOR_AUTHENTICATION_TOKEN: "token" });
    await told.subscribed(1);
    expect(agent.calls[0]).toMatchObject({
      path: "/slave(2)/api/v1/executor",
      headers: { authorization: "Bearer token" },
      call: { type: "SUBSCRIBE", executor_id: { value: "e" }, framework_id: { value: "f" } },
    });
  });

  test("goes over the agent's domain socket", async () => {
    const directory = mkdtempSync(join(tmpdir(), "gloam-mesos-"));
    ends.push(() => rmSync(directory, { recursive: true }));
    const path = join(directory, "agent.sock");
    const agent = await startAgent({ path });
    const told = new Told(agent, { MESOS_DOMAIN_SOCKET: path });
    await told.subscribed(1);
  });

  test("passes on what the executor has to do", async () => {
    const agent = await startAgent();
    const told = new Told(agent);
    await told.subscribed(1);
    const events = [
      { type: "LAUNCH", launch: { task: task("1") } },
      { type: "LAUNCH_GROUP", launch_group: { task_group: { tasks: [task("2")] } } },
      { type: "KILL", kill: { task_id: { value: "1" } } },
      { type: "MESSAGE", message: { data: "aGk=" } },
      { type: "ERROR", error: { message: "m" } },
    ];
    agent.send({ type: "HEARTBEAT" });
    for (const event of events) agent.send(event);
    await told.until(() => told.events.length === events.length);
    expect(told.events).toEqual(events);
  });
});

describe("updates", () => {
  test("carry a uuid of 16 bytes and what Mesos wants besides, in their order", async () => {
    const agent = await startAgent();
    const told = new Told(agent);
    await told.subscribed(1);
    told.client.update({ task_id: { value: "t" }, state: "TASK_RUNNING" });
    told.client.message(Buffer.from("hi"));
    told.client.update({ task_id: { value: "t" }, state: "TASK_FINISHED", data: "eA==" });
    await agent.until(() => agent.calls.length === 4);
    expect(agent.calls.map(({ call }) => call.type)).toEqual(["SUBSCRIBE", "UPDATE", "MESSAGE", "UPDATE"]);
    expect(agent.calls[2]?.call["message"]).toEqual({ data: "aGk=" });
    const [running, finished] = agent.of("UPDATE").map(statusOf);
    expect(finished).toMatchObject({
      task_id: { value: "t" },
      state: "TASK_FINISHED",
      data: "eA==",
      source: "SOURCE_EXECUTOR",
      executor_id: { value: "e" },
    });
    expect(finished?.timestamp).toBeCloseTo(Date.now() / 1000, -1);
    const bytes = Buffer.from(running?.uuid ?? "", "base64");
    expect([bytes.length, bytes[6]! >> 4, running?.uuid === finished?.uuid]).toEqual([16, 4, false]);
  });

  test("and tasks that are not acknowledged are told at each subscription", async () => {
    const agent = await startAgent();
    const told = new Told(agent, checkpointing);
    await told.subscribed(1);
    expect(subscribeOf(agent.calls[0])).toEqual({ unacknowledged_tasks: [], unacknowledged_updates: [] });
    for (const id of ["1", "2"]) agent.send({ type: "LAUNCH", launch: { task: task(id) } });
    await told.until(() => told.events.length === 2);
    told.client.update({ task_id: { value: "1" }, state: "TASK_RUNNING" });
    told.client.update({ task_id: { value: "1" }, state: "TASK_FINISHED" });
    await agent.until(() => agent.of("UPDATE").length === 2);
    const [running, finished] = agent.of("UPDATE").map(statusOf);
    acknowledge(agent, running!);
    agent.send({ type: "MESSAGE", message: { data: "" } });
    await told.until(() => told.events.length === 3);
    agent.cut();
    told.client.update({ task_id: { value: "2" }, state: "TASK_FAILED" });
    await told.subscribed(2);
    const { unacknowledged_tasks: tasks, unacknowledged_updates: updates } = subscribeOf(agent.of("SUBSCRIBE")[1]);
    expect(tasks).toEqual([task("2")]);
    expect(updates?.map(({ status }) => [status.task_id.value, status.state])).toEqual([
      ["1", "TASK_FINISHED"],
      ["2", "TASK_FAILED"],
    ]);
    expect(updates?.[0]?.status).toEqual(finished);
  });

  test("that the agent does not take are told with the next subscription", async () => {
    const agent = await startAgent();
    const told = new Told(agent, checkpointing);
    await told.subscribed(1);
    agent.answer = ({ call }) => (call.type === "UPDATE" ? { status: 403, text: "not subscribed" } : undefined);
    told.client.update({ task_id: { value: "t" }, state: "TASK_RUNNING" });
    await told.subscribed(2);
    expect(subscribeOf(agent.of("SUBSCRIBE")[1]).unacknowledged_updates?.length).toBe(1);
  });

  test("are kept while there is no subscription yet", async () => {
    const agent = await startAgent();
    agent.answer = () => (agent.calls.length < 3 ? { status: 503, text: "not recovered" } : undefined);
    const told = new Told(agent);
    told.client.update({ task_id: { value: "t" }, state: "TASK_RUNNING" });
    await told.subscribed(1);
    expect(subscribeOf(agent.of("SUBSCRIBE")[2]).unacknowledged_updates?.length).toBe(1);
  });
});

describe("the end", () => {
  test("comes when the agent is gone and the executor does not checkpoint", async () => {
    const agent = await startAgent();
    const told = new Told(agent);
    await told.subscribed(1);
    agent.cut();
    await told.until(() => told.ends.length > 0);
    expect(told.ends[0]?.code).toBe("GLOAM_MESOS_UNREACHABLE");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(agent.of("SUBSCRIBE").length).toBe(1);
  });

  test("comes when the agent does not return within the recovery timeout", async () => {
    const agent = await startAgent();
    const told = new Told(agent, checkpointing);
    await told.subscribed(1);
    const start = performance.now();
    await agent.stop();
    await told.until(() => told.ends.length > 0);
    expect(performance.now() - start).toBeGreaterThan(900);
    expect(told.ends[0]?.message).toMatch(/did not take the executor within 20 s: .*ECONNREFUSED/);
  });

  test("comes with SHUTDOWN, after which updates are still sent, and none of what follows is subscribed again", async () => {
    const agent = await startAgent();
    const told = new Told(agent, checkpointing);
    await told.subscribed(1);
    agent.send({ type: "SHUTDOWN" });
    await told.until(() => told.ends.length > 0);
    expect([told.events, told.ends]).toEqual([[{ type: "SHUTDOWN" }], [undefined]]);
    told.client.update({ task_id: { value: "t" }, state: "TASK_KILLED" });
    const stopped = told.client.stop();
    await agent.until(() => agent.of("UPDATE").length === 1);
    expect(agent.openConnections).toBe(2);
    acknowledge(agent, statusOf(agent.of("UPDATE")[0]!));
    await stopped;
    await agent.until(() => agent.openConnections === 0);
    expect(agent.of("SUBSCRIBE").length).toBe(1);
  });

  test("does not wait for ever for an acknowledgement", async () => {
    const agent = await startAgent();
    const told = new Told(agent);
    await told.subscribed(1);
    told.client.update({ task_id: { value: "t" }, state: "TASK_KILLED" });
    const start = performance.now();
    await told.client.stop();
    expect(performance.now() - start).toBeGreaterThan(200);
    await agent.until(() => agent.openConnections === 0);
  });

  test("does not wait for an agent that goes", async () => {
    const agent = await startAgent();
    const told = new Told(agent);
    await told.subscribed(1);
    told.client.update({ task_id: { value: "t" }, state: "TASK_KILLED" });
    const stopped = told.client.stop();
    await agent.until(() => agent.of("UPDATE").length === 1);
    agent.cut();
    await stopped;
  });

  test.each([
    [401, "GLOAM_MESOS_UNAUTHORIZED"],
    [400, "GLOAM_MESOS_ERROR"],
  ])("comes with %d", async (status, code) => {
    const agent = await startAgent();
    agent.answer = () => ({ status });
    const told = new Told(agent, { ...checkpointing, MESOS_EXECUTOR_AUTHENTICATION_TOKEN: "secret token" });
    await told.until(() => told.ends.length > 0);
    expect(told.ends[0]?.code).toBe(code);
    expect(told.ends[0]?.stack).not.toContain("secret token");
    expect(agent.calls.length).toBe(1);
  });
});

test("garbage ends the subscription, and a checkpointing executor begins another", async () => {
  const agent = await startAgent();
  const told = new Told(agent, checkpointing);
  await told.subscribed(1);
  agent.sendBytes("1073741824\n");
  await told.subscribed(2);
  expect(told.ends).toEqual([]);
});
