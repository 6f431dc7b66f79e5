import { inspect } from "node:util";
import type { GloamError } from "@gloam/common";
import { generate } from "selfsigned";
import { afterEach, describe, expect, test } from "vitest";
import type { SchedulerEvent, SchedulerEventSubscribed } from "../messages/scheduler.ts";
import { asRecord, FakeMesos } from "../testing/fake-mesos.ts";
import { swiftTimers } from "../testing/swift-timers.ts";
import { SchedulerClient, type SchedulerClientOptions } from "./scheduler-client.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function startMaster(...parameters: Parameters<typeof FakeMesos.start>): Promise<FakeMesos> {
  const master = await FakeMesos.start(...parameters);
  ends.push(() => master.stop());
  return master;
}

/** A client and what it was told. */
class Told {
  readonly subscribed: SchedulerEventSubscribed[] = [];
  readonly disconnected: GloamError[] = [];
  readonly events: SchedulerEvent[] = [];
  readonly failures: GloamError[] = [];
  readonly client: SchedulerClient;

  constructor(masters: readonly string[], options: Partial<SchedulerClientOptions> = {}) {
    const all: SchedulerClientOptions = {
      masters,
      framework: { user: "root", name: "test" },
      connectPatience: 60_000,
      timers: swiftTimers(20),
      ...options,
    };
    this.client = new SchedulerClient(all, {
      onSubscribed: (event) => this.subscribed.push(event),
      onDisconnected: (reason) => this.disconnected.push(reason),
      onEvent: (event) => this.events.push(event),
      onFailure: (error) => this.failures.push(error),
    });
    ends.push(() => this.client.stop());
    this.client.start();
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  subscriptions(count: number): Promise<void> {
    return this.until(() => this.subscribed.length >= count);
  }
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "done",
    (error: GloamError) => error.code,
  );

describe("a subscription", () => {
  test("carries the framework, and gives its id and the stream's to every other call", async () => {
    const master = await startMaster();
    const told = new Told([master.address], { suppressedRoles: ["a"] });
    await told.subscriptions(1);
    expect(told.client.frameworkId).toBe("framework-1");
    await told.client.call({ type: "REVIVE" });
    const [subscribe, revive] = master.calls;
    expect(subscribe).toMatchObject({
      path: "/api/v1/scheduler",
      call: {
        type: "SUBSCRIBE",
        subscribe: { framework_info: { user: "root", name: "test" }, suppressed_roles: ["a"] },
      },
    });
    expect(subscribe?.headers["mesos-stream-id"]).toBeUndefined();
    expect(revive?.call).toEqual({ type: "REVIVE", framework_id: { value: "framework-1" } });
    expect(revive?.headers).toMatchObject({ "mesos-stream-id": "stream-1", accept: "application/json" });
  });

  test("has its calls arrive in their order, over one connection that is not that of the events", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    const ids = Array.from({ length: 50 }, (_, index) => `task-${index}`);
    await Promise.all(ids.map((value) => told.client.call({ type: "KILL", kill: { task_id: { value } } })));
    const kills = master.of("KILL");
    expect(kills.map(({ call }) => (call["kill"] as { task_id: { value: string } }).task_id.value)).toEqual(ids);
    expect(new Set(kills.map(({ connection }) => connection)).size).toBe(1);
    expect(kills[0]?.connection).not.toBe(master.of("SUBSCRIBE")[0]?.connection);
  });

  test("passes on every event but those that it handles itself, also of newer fields, and ignores types it doesn't know", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    master.send({ type: "HEARTBEAT" });
    master.send({ type: "TELEPORT", teleport: {} });
    master.send({ no: "type" });
    master.send({ type: "RESCIND", rescind: { offer_id: { value: "o" }, colour: "red" } });
    await told.until(() => told.events.length > 0);
    expect(told.events).toEqual([{ type: "RESCIND", rescind: { offer_id: { value: "o" }, colour: "red" } }]);
    expect(told.disconnected).toEqual([]);
  });

  test("that is lost is made again with the framework's id, and what UPDATE_FRAMEWORK changed", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    const framework_info = { user: "root", name: "test", roles: ["b"] };
    await told.client.call({ type: "UPDATE_FRAMEWORK", update_framework: { framework_info } });
    master.cut();
    await told.subscriptions(2);
    expect(master.of("SUBSCRIBE")[1]?.call).toEqual({
      type: "SUBSCRIBE",
      framework_id: { value: "framework-1" },
      subscribe: { framework_info: { ...framework_info, id: { value: "framework-1" } } },
    });
    expect(told.disconnected.map(({ code }) => code)).toEqual(["GLOAM_MESOS_DISCONNECTED"]);
    await told.client.call({ type: "SUPPRESS" });
    expect(master.of("SUPPRESS")[0]?.headers["mesos-stream-id"]).toBe("stream-3");
  });

  test("takes a framework back by its id", async () => {
    const master = await startMaster();
    const told = new Told([master.address], { framework: { user: "root", name: "test", id: { value: "old" } } });
    expect(told.client.frameworkId).toBe("old");
    await told.subscriptions(1);
    expect(master.calls[0]?.call).toMatchObject({
      framework_id: { value: "old" },
      subscribe: { framework_info: { id: { value: "old" } } },
    });
  });

  test("is given up after five heartbeats that did not come", async () => {
    const master = await startMaster();
    master.subscribed = {
      type: "SUBSCRIBED",
      subscribed: { framework_id: { value: "f" }, heartbeat_interval_seconds: 1 },
    };
    const told = new Told([master.address]);
    await told.subscriptions(1);
    const beats = setInterval(() => master.send({ type: "HEARTBEAT" }), 40);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(told.disconnected).toEqual([]);
    clearInterval(beats);
    await told.subscriptions(2);
    expect(told.disconnected[0]?.message).toContain("has not been heard for 5 heartbeats of 1 s");
  });

  test("is attempted again where nothing answers in time", async () => {
    const master = await startMaster();
    master.answer = () => (master.calls.length === 1 ? "silence" : undefined);
    const told = new Told([master.address], { timers: swiftTimers(100) });
    await told.subscriptions(1);
    expect(told.disconnected[0]?.message).toContain("does not answer for 15 s");
  });
});

describe("the leader", () => {
  test("is followed by its name", async () => {
    const [other, leader] = [await startMaster(), await startMaster()];
    other.answer = () => ({ status: 307, headers: { location: `//${leader.address}/api/v1/scheduler` } });
    const told = new Told([other.address]);
    await told.subscriptions(1);
    expect([other.calls.length, leader.calls.length, told.disconnected.length]).toEqual([1, 1, 0]);
  });

  test("is looked for among the masters, and again when it is lost", async () => {
    const [first, second] = [await startMaster(), await startMaster()];
    first.answer = () => ({ status: 503, text: "No leader elected" });
    const told = new Told([first.address, second.address]);
    await told.subscriptions(1);
    expect(told.disconnected[0]?.message).toContain("503 No leader elected");
    second.answer = () => ({ status: 503 });
    first.answer = () => undefined;
    second.cut();
    await told.subscriptions(2);
    expect(first.of("SUBSCRIBE").length).toBeGreaterThan(1);
  });

  test("is not chased in a circle", async () => {
    const [one, other] = [await startMaster(), await startMaster()];
    one.answer = () => ({ status: 307, headers: { location: `//${other.address}` } });
    other.answer = () => ({ status: 307, headers: { location: `//${one.address}` } });
    const told = new Told([one.address], { timers: swiftTimers(1) });
    await told.until(() => told.disconnected.length > 0);
    expect(one.calls.length + other.calls.length).toBe(6);
  });

  test("is given up where there is none within the patience", async () => {
    const master = await FakeMesos.start();
    await master.stop();
    const told = new Told([master.address], { connectPatience: 10_000 });
    await told.until(() => told.failures.length > 0);
    const [failure] = told.failures;
    expect(failure?.code).toBe("GLOAM_MESOS_UNREACHABLE");
    expect(failure?.message).toMatch(
      /no master of 127.0.0.1:\d+ took the framework within 10 s; the last attempt: .*ECONNREFUSED/,
    );
    const attempts = told.disconnected.length;
    expect(attempts).toBeGreaterThan(2);
    expect(attempts).toBeLessThan(8);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([told.disconnected.length, told.failures.length]).toEqual([attempts, 1]);
  });

  test("gets the same patience anew after a subscription", async () => {
    const master = await startMaster();
    const told = new Told([master.address], { connectPatience: 5000 });
    await told.subscriptions(1);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(told.failures).toEqual([]);
    master.answer = () => ({ status: 503 });
    master.cut();
    await told.until(() => told.failures.length > 0);
    expect(told.failures[0]?.code).toBe("GLOAM_MESOS_UNREACHABLE");
  });

  test("is looked for longer once there was a master, where that is said", async () => {
    const master = await startMaster();
    const told = new Told([master.address], { connectPatience: 1000, reconnectPatience: 20_000 });
    await told.subscriptions(1);
    master.answer = () => ({ status: 503 });
    master.cut();
    await told.until(() => told.failures.length > 0);
    expect(told.failures[0]?.message).toContain("within 20 s");
  });
});

describe("refusals", () => {
  const credential = { principal: "gloam", secret: "open sesame" };

  test("wrong credentials end it at once, and the secret is in no message", async () => {
    const master = await startMaster();
    master.answer = () => ({ status: 401, headers: { "www-authenticate": 'Basic realm="mesos"' } });
    const told = new Told([master.address], { credential });
    await told.until(() => told.failures.length > 0);
    const [failure] = told.failures;
    expect(failure?.code).toBe("GLOAM_MESOS_UNAUTHORIZED");
    const basic = `Basic ${Buffer.from("gloam:open sesame").toString("base64")}`;
    expect(master.calls[0]?.headers.authorization).toBe(basic);
    expect(master.calls[0]?.call).toMatchObject({ subscribe: { framework_info: { principal: "gloam" } } });
    const shown = inspect([failure, failure?.stack, told.client], { depth: 9, showHidden: true });
    expect(shown).not.toContain("open sesame");
    expect(shown).not.toContain(basic.slice(6));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(master.calls.length).toBe(1);
  });

  test("credentials that are wrong later end it as well", async () => {
    const master = await startMaster();
    const told = new Told([master.address], { credential });
    await told.subscriptions(1);
    master.answer = () => ({ status: 401 });
    expect(await codeOf(told.client.call({ type: "REVIVE" }))).toBe("GLOAM_MESOS_UNAUTHORIZED");
    expect(told.failures.map(({ code }) => code)).toEqual(["GLOAM_MESOS_UNAUTHORIZED"]);
  });

  test("a framework that is not valid is refused for good", async () => {
    const master = await startMaster();
    master.answer = () => ({ status: 400, text: "Failed to validate scheduler::Call" });
    const told = new Told([master.address]);
    await told.until(() => told.failures.length > 0);
    expect(told.failures[0]?.message).toMatch(/GLOAM_MESOS_ERROR: .* answered SUBSCRIBE with 400 Failed to validate/);
  });

  test("an ERROR event ends it", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    master.send({ type: "ERROR", error: { message: "Framework failed over" } });
    await told.until(() => told.failures.length > 0);
    expect(told.failures[0]?.message).toContain("GLOAM_MESOS_ERROR: Mesos ended the framework: Framework failed over");
    expect(await codeOf(told.client.call({ type: "REVIVE" }))).toBe("GLOAM_MESOS_DISCONNECTED");
  });

  test("a call that is not valid is refused, and the subscription stays", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    master.answer = ({ call }) => (call.type === "KILL" ? { status: 400, text: "no such field" } : undefined);
    expect(await codeOf(told.client.call({ type: "KILL", kill: { task_id: { value: "" } } }))).toBe(
      "GLOAM_MESOS_ERROR",
    );
    await told.client.call({ type: "REVIVE" });
    expect(told.subscribed.length).toBe(1);
  });

  test.each([403, 503, 307])("%d to a call means that there is no subscription any more", async (status) => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    master.answer = ({ call }) => (call.type === "REVIVE" ? { status } : undefined);
    expect(await codeOf(told.client.call({ type: "REVIVE" }))).toBe("GLOAM_MESOS_DISCONNECTED");
    await told.subscriptions(2);
  });

  test("a call whose connection breaks is refused, and everything subscribed again", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    master.answer = ({ call }) => (call.type === "REVIVE" ? "silence" : undefined);
    const call = codeOf(told.client.call({ type: "REVIVE" }));
    await master.until(() => master.of("REVIVE").length > 0);
    master.cut();
    expect(await call).toBe("GLOAM_MESOS_DISCONNECTED");
    await told.subscriptions(2);
  });

  test("no call is made without a subscription", async () => {
    const master = await startMaster();
    master.answer = () => ({ status: 503 });
    const told = new Told([master.address]);
    expect(await codeOf(told.client.call({ type: "REVIVE" }))).toBe("GLOAM_MESOS_DISCONNECTED");
  });
});

describe("what cannot be believed", () => {
  test.each([
    ["garbage", "hello\n"],
    ["a record that is no JSON", "5\nhello"],
    ["a record that is no event", "4\nnull"],
    ["an event without its payload", asRecord({ type: "OFFERS" })],
    ["an event whose field is of another kind", asRecord({ type: "OFFERS", offers: { offers: "many" } })],
    ["a record of 1 GiB", "1073741824\n{"],
    ["a length without an end", "0".repeat(100)],
  ])("%s ends the subscription with a code, and the next is begun", async (_, bytes) => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    master.sendBytes(bytes);
    await told.subscriptions(2);
    expect(told.disconnected.map(({ code }) => code)).toEqual(["GLOAM_MESOS_PROTOCOL"]);
    expect(told.events).toEqual([]);
  });

  test("a stream that ends within a record is lost", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    master.sendBytes("20\n{");
    master.endStreams();
    await told.subscriptions(2);
    expect(told.disconnected[0]?.message).toContain("closed the connection within a record");
  });

  test("a length that is too large does not swallow events for ever", async () => {
    const master = await startMaster();
    const told = new Told([master.address], { timers: swiftTimers(50) });
    await told.subscriptions(1);
    master.sendBytes("1000000\n{");
    const beats = setInterval(() => master.send({ type: "HEARTBEAT" }), 20);
    await told.subscriptions(2);
    clearInterval(beats);
    expect(told.disconnected.map(({ message }) => message)).toEqual([
      `GLOAM_MESOS_PROTOCOL: a record from http://${master.address} is not complete after 60 s`,
    ]);
  });

  test("an event before SUBSCRIBED", async () => {
    const master = await startMaster();
    master.subscribed = { type: "OFFERS", offers: { offers: [] } };
    const told = new Told([master.address]);
    await told.until(() => told.disconnected.length > 0);
    expect(told.disconnected[0]?.code).toBe("GLOAM_MESOS_PROTOCOL");
    expect(told.events).toEqual([]);
  });
});

describe("the end", () => {
  test("leaves no socket", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    await told.client.call({ type: "REVIVE" });
    expect(master.openConnections).toBe(2);
    await told.client.stop();
    await master.until(() => master.openConnections === 0);
    expect(master.of("TEARDOWN")).toEqual([]);
    expect([told.disconnected.length, told.failures.length]).toEqual([0, 0]);
  });

  test("with teardown tells the master first", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    await told.client.stop({ teardown: true });
    expect(master.of("TEARDOWN")[0]?.call).toEqual({ type: "TEARDOWN", framework_id: { value: "framework-1" } });
    expect(told.failures).toEqual([]);
  });

  test("does not wait for a master that is silent", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.subscriptions(1);
    master.answer = () => "silence";
    await told.client.stop({ teardown: true });
    await master.until(() => master.openConnections === 0);
  });

  test("may come before anything else", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await told.client.stop({ teardown: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([told.subscribed.length, told.disconnected.length, master.openConnections]).toEqual([0, 0, 0]);
  });

  test("leaves no framework with a master that is just taking it", async () => {
    const master = await startMaster();
    const told = new Told([master.address]);
    await master.until(() => master.of("SUBSCRIBE").length > 0);
    expect(told.subscribed).toEqual([]);
    await told.client.stop({ teardown: true });
    expect(master.of("TEARDOWN")[0]?.call).toEqual({ type: "TEARDOWN", framework_id: { value: "framework-1" } });
    expect(told.subscribed).toEqual([]);
  });

  test.each(["silence", { status: 503 }] as const)("does not wait for ever to be taken: %o", async (answer) => {
    const master = await startMaster();
    master.answer = () => answer;
    const told = new Told([master.address]);
    await master.until(() => master.of("SUBSCRIBE").length > 0);
    await told.client.stop({ teardown: true });
    await master.until(() => master.openConnections === 0);
    expect(master.of("TEARDOWN")).toEqual([]);
  });
});

describe("TLS", () => {
  const pair = (name: string) =>
    generate([{ name: "commonName", value: name }], {
      algorithm: "sha256",
      extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: name }] }],
    });

  test("verifies the master, and shows a certificate of its own", async () => {
    const [server, client] = await Promise.all([pair("localhost"), pair("client")]);
    const master = await startMaster({
      tls: { cert: server.cert, key: server.private, ca: client.cert, requestCert: true, rejectUnauthorized: true },
    });
    const address = `https://${master.address.replace("127.0.0.1", "localhost")}`;
    const tls = { ca: server.cert, cert: client.cert, key: client.private };
    const told = new Told([address], { tls });
    await told.subscriptions(1);
    await told.client.call({ type: "REVIVE" });

    const stranger = new Told([address], { tls: { ...tls, ca: client.cert } });
    await stranger.until(() => stranger.disconnected.length > 0);
    expect(stranger.disconnected[0]?.message).toMatch(/cannot be reached: .*certificate/);

    const trusting = new Told([address], { tls: { cert: client.cert, key: client.private, verify: false } });
    await trusting.subscriptions(1);
  });
});
