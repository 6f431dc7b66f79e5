import { GloamError, VirtualClock } from "@gloam/common";
import type { Channel, ChannelObserver, FromExecutor, ToExecutor } from "@gloam/protocol";
import type { UntimedEvent } from "@gloam/scheduler";
import { describe, expect, test } from "vitest";
import type { Fleet, FleetObserver, ProcessEnd } from "./fleet.ts";
import { RemoteBackend } from "./remote-backend.ts";

const executorTimeout = 1000;
const aliveInterval = 100;
const killed: ProcessEnd = { code: undefined, signal: "SIGKILL" };

describe("why an executor is lost", () => {
  test("one that falls silent is ended, and no task gets the blame for how that looks", async () => {
    const { events, fleet, pass } = await cluster("a");
    pass(executorTimeout + 2 * aliveInterval);
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
    channels.get("a")?.cut();
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
    const [channel, second] = [new TestChannel(), new TestChannel()];
    backend.connected("b", channel);
    expect(backend.expects("b")).toBe(false);
    backend.connected("b", second);
    channel.register();
    expect([channel.terminated, second.terminated]).toEqual([false, true]);
    expect(backend.expects("b")).toBe(false);
  });

  test("is ended when it does not register, and not heard any more", async () => {
    const { backend, fleet, events, pass } = await cluster();
    fleet.observer?.onStart("a");
    const channel = new TestChannel();
    backend.connected("a", channel);
    pass(executorTimeout + 2 * aliveInterval);
    expect(fleet.ended).toEqual(["a"]);
    expect(channel.terminated).toBe(true);
    expect(backend.expects("a")).toBe(false);
    expect(events).toEqual([]);
  });

  test("leaves no connection when its process ends before it has registered", async () => {
    const { backend, fleet } = await cluster();
    fleet.observer?.onStart("a");
    const channel = new TestChannel();
    backend.connected("a", channel);
    fleet.observer?.onExit("a", killed);
    expect(channel.terminated).toBe(true);
  });
});

describe("the end of the driver", () => {
  test("is the end of its start", async () => {
    const { backend, started, timers } = await cluster();
    await backend.stop();
    expect(await started).toMatchObject({ code: "GLOAM_CONTEXT_STOPPED" });
    expect(timers.size).toBe(0);
  });

  test("comes before its start where that took its time", async () => {
    const { backend, fleet, timers } = await cluster();
    await backend.stop();
    fleet.observer = undefined;
    await expect(backend.start(() => undefined)).rejects.toMatchObject({ code: "GLOAM_CONTEXT_STOPPED" });
    expect(fleet.observer).toBeUndefined();
    expect(timers.size).toBe(0);
  });

  test("leaves no timer for an executor whose end is not known yet, and says nothing of it", async () => {
    const { backend, channels, timers, events, fleet } = await cluster("a");
    channels.get("a")?.cut();
    await backend.stop();
    expect(timers.size).toBe(0);
    fleet.observer?.onExit("a", killed);
    expect(events).toMatchObject([{ type: "executorAdded" }]);
  });
});

/** The driver's end of a channel whose other end is the test. */
class TestChannel implements Channel<ToExecutor, FromExecutor> {
  readonly sent: ToExecutor[] = [];
  terminated = false;
  #observer: ChannelObserver<FromExecutor> | undefined;

  observe(observer: ChannelObserver<FromExecutor>): void {
    this.#observer = observer;
  }
  send(message: ToExecutor): void {
    this.sent.push(message);
  }
  close(): void {}
  terminate(): void {
    this.terminated = true;
    this.#observer?.onClose(undefined);
  }
  register(): void {
    this.#observer?.onMessage({ type: "registered", slots: 1, host: "h", blockPort: 1, process: 1, node: "v20" });
  }
  cut(): void {
    this.#observer?.onClose(new GloamError("GLOAM_CONNECTION_LOST", "it was cut"));
  }
}

class TestFleet implements Fleet {
  readonly ended: string[] = [];
  observer: FleetObserver | undefined;

  start(observer: FleetObserver): Promise<void> {
    this.observer = observer;
    return Promise.resolve();
  }
  end(executor: string): void {
    this.ended.push(executor);
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** A backend in virtual time, with these executors. */
async function cluster(...executors: readonly string[]): Promise<{
  readonly backend: RemoteBackend;
  readonly events: UntimedEvent[];
  readonly fleet: TestFleet;
  readonly channels: ReadonlyMap<string, TestChannel>;
  /** Becomes what the backend's start comes to. */
  readonly started: Promise<unknown>;
  readonly pass: (milliseconds: number) => void;
  /** Timers that are set. */
  readonly timers: ReadonlySet<unknown>;
}> {
  const clock = new VirtualClock();
  const timers = new Set<{ readonly at: number; readonly action: () => void }>();
  const fleet = new TestFleet();
  const events: UntimedEvent[] = [];
  const channels = new Map<string, TestChannel>();
  const backend = new RemoteBackend({
    fleet,
    clock,
    timers: {
      after: (milliseconds, action) => {
        const timer = { at: clock.now() + milliseconds, action };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    executorTimeout,
    aliveInterval,
  });
  const started = backend.start((event) => events.push(event)).catch((error: unknown) => error);
  for (const executor of executors) {
    const channel = new TestChannel();
    channels.set(executor, channel);
    fleet.observer?.onStart(executor);
    backend.connected(executor, channel);
    channel.register();
  }
  if (executors.length > 0) await started;
  const pass = (milliseconds: number): void => {
    for (let passed = 0; passed < milliseconds; passed += 10) {
      clock.advance(10);
      for (const timer of [...timers]) {
        if (timer.at > clock.now() || !timers.delete(timer)) continue;
        timer.action();
      }
    }
  };
  return { backend, events, fleet, channels, started, pass, timers };
}
