import { GloamError } from "@gloam/common";
import type { FromExecutor, ToExecutor } from "@gloam/protocol";
import type { UntimedEvent } from "@gloam/scheduler";
import { describe, expect, test } from "vitest";
import type { ProcessEnd } from "./fleet.ts";
import { RemoteBackend } from "./remote-backend.ts";
import { FakeBlockSource } from "./testing/fake-block-source.ts";
import { FakeChannel } from "./testing/fake-channel.ts";
import { FakeFleet } from "./testing/fake-fleet.ts";
import { VirtualTimers } from "./testing/virtual-timers.ts";

const executorTimeout = 1000;
const startTimeout = 1500;
const aliveInterval = 100;
const killed: ProcessEnd = { code: undefined, signal: "SIGKILL" };

describe("why an executor is lost", () => {
  test("one that falls silent is ended, and no task gets the blame for how that looks", async () => {
    const { events, fleet, timers } = await cluster("a");
    timers.advance(executorTimeout + 2 * aliveInterval);
    fleet.observer?.onExit("a", killed);
    expect(fleet.ended).toEqual(["a"]);
    expect(events.slice(1)).toMatchObject([
      {
        type: "executorLost",
        executor: "a",
        taskFault: false,
        reason: expect.stringContaining("has said nothing") as unknown,
      },
    ]);
  });

  test("a task gets the blame where memory ran out, also when the connection's end is known first", async () => {
    const { events, fleet, channels } = await cluster("a");
    channels.get("a")?.cut(new GloamError("GLOAM_CONNECTION_LOST", "it was cut"));
    fleet.observer?.onExit("a", { code: 137, signal: undefined });
    expect(events.slice(1)).toMatchObject([{ type: "executorLost", executor: "a", taskFault: true }]);
    expect(fleet.ended).toEqual([]);
  });
});

test("a fleet that gives up is told to the scheduler, also when there were executors", async () => {
  const { events, fleet } = await cluster("a");
  fleet.observer?.onFailure(new GloamError("GLOAM_WORKER_LOST", "none starts"));
  expect(events.slice(1)).toMatchObject([
    {
      type: "noMoreExecutors",
      reason: expect.stringContaining("none starts") as unknown,
      error: { error: { kind: "error" } },
    },
  ]);
});

describe("an executor that has been started", () => {
  test("may connect once, and nobody else may", async () => {
    const { backend, fleet } = await cluster("a");
    expect(backend.expects("b")).toBe(false);
    fleet.observer?.onStart("b");
    expect(backend.expects("b")).toBe(true);
    const [channel, second] = [
      new FakeChannel<ToExecutor, FromExecutor>(),
      new FakeChannel<ToExecutor, FromExecutor>(),
    ];
    backend.connected("b", channel);
    expect(backend.expects("b")).toBe(false);
    backend.connected("b", second);
    channel.hear(registration);
    expect([channel.ended, second.ended]).toEqual([undefined, "terminated"]);
    expect(backend.expects("b")).toBe(false);
  });

  test("is ended when it does not register, and not heard any more", async () => {
    const { backend, fleet, events, timers } = await cluster();
    fleet.observer?.onStart("a");
    const channel = new FakeChannel<ToExecutor, FromExecutor>();
    backend.connected("a", channel);
    timers.advance(executorTimeout + 2 * aliveInterval);
    expect(fleet.ended).toEqual([]);
    timers.advance(startTimeout - executorTimeout);
    expect(fleet.ended).toEqual(["a"]);
    expect(channel.ended).toBe("terminated");
    expect(backend.expects("a")).toBe(false);
    expect(events).toEqual([]);
  });

  test.each([
    ["has ended", ({ fleet }: Lives) => fleet.observer?.onExit("a", killed)],
    ["had to go", ({ fleet }: Lives) => fleet.observer?.onDraining("a", 100)],
    ["took too long", ({ timers }: Lives) => timers.advance(startTimeout + 2 * aliveInterval)],
  ])("and %s does not register after that", async (_how, forget) => {
    const lives = await cluster();
    lives.fleet.observer?.onStart("a");
    const channel: DriverEnd = new FakeChannel();
    lives.backend.connected("a", channel);
    forget(lives);
    expect(channel.ended).toBe("terminated");
    expect(() => channel.hear(registration)).toThrow(expect.objectContaining({ code: "GLOAM_FRAME_INVALID" }));
    expect(lives.events).toEqual([]);
    expect(lives.backend.knows("a")).toBe(false);
  });

  test("and was lost does not register again", async () => {
    const { channels, events, timers, backend } = await cluster("a");
    const channel = channels.get("a");
    channel?.cut(new GloamError("GLOAM_CONNECTION_LOST", "it was cut"));
    expect(() => channel?.hear(registration)).toThrow(expect.objectContaining({ code: "GLOAM_FRAME_INVALID" }));
    timers.advance(1000);
    expect(events.map(({ type }) => type)).toEqual(["executorAdded", "executorLost"]);
    expect(backend.knows("a")).toBe(false);
  });

  test("leaves no connection when its process ends before it has registered", async () => {
    const { backend, fleet } = await cluster();
    fleet.observer?.onStart("a");
    const channel = new FakeChannel<ToExecutor, FromExecutor>();
    backend.connected("a", channel);
    fleet.observer?.onExit("a", killed);
    expect(channel.ended).toBe("terminated");
  });
});

describe("the end of the driver", () => {
  test("is the end of its start", async () => {
    const { backend, started, timers } = await cluster();
    await backend.stop();
    expect(await started).toMatchObject({ code: "GLOAM_CONTEXT_STOPPED" });
    expect(timers.pending).toBe(0);
  });

  test("comes before its start where that took its time", async () => {
    const { backend, fleet, timers } = await cluster();
    await backend.stop();
    fleet.observer = undefined;
    await expect(
      backend.start(
        () => undefined,
        () => true,
      ),
    ).rejects.toMatchObject({ code: "GLOAM_CONTEXT_STOPPED" });
    expect(fleet.observer).toBeUndefined();
    expect(timers.pending).toBe(0);
  });

  test("leaves no timer for an executor whose end is not known yet, and says nothing of it", async () => {
    const { backend, channels, timers, events, fleet } = await cluster("a");
    channels.get("a")?.cut(new GloamError("GLOAM_CONNECTION_LOST", "it was cut"));
    await backend.stop();
    expect(timers.pending).toBe(0);
    fleet.observer?.onExit("a", killed);
    expect(events).toMatchObject([{ type: "executorAdded" }]);
  });
});

type DriverEnd = FakeChannel<ToExecutor, FromExecutor>;
type Lives = Awaited<ReturnType<typeof cluster>>;

const registration = { type: "registered", slots: 1, host: "h", blockPort: 1, process: 1, node: "v20" } as const;

/** A backend in virtual time, with these executors. */
async function cluster(...executors: readonly string[]) {
  const timers = new VirtualTimers();
  const fleet = new FakeFleet();
  const events: UntimedEvent[] = [];
  const channels = new Map<string, DriverEnd>();
  const results = { source: new FakeBlockSource() };
  const backend = new RemoteBackend({
    fleet,
    clock: timers.clock,
    timers,
    executorTimeout,
    startTimeout,
    aliveInterval,
    results,
  });
  /** Becomes what the backend's start comes to. */
  const started = backend
    .start(
      (event) => events.push(event),
      () => true,
    )
    .catch((error: unknown) => error);
  for (const executor of executors) {
    const channel: DriverEnd = new FakeChannel();
    channels.set(executor, channel);
    fleet.observer?.onStart(executor);
    backend.connected(executor, channel);
    channel.hear(registration);
  }
  if (executors.length > 0) await started;
  return { backend, events, fleet, channels, started, timers };
}
