import type { FromExecutor, ToExecutor } from "@gloam/protocol";
import type { CachedBlock, MapOutput, PreparedTask, UntimedEvent } from "@gloam/scheduler";
import { describe, expect, test } from "vitest";
import type { AllocationOptions } from "./executor-allocation.ts";
import { RemoteBackend } from "./remote-backend.ts";
import { FakeBlockSource } from "./testing/fake-block-source.ts";
import { FakeChannel } from "./testing/fake-channel.ts";
import { FakeFleet } from "./testing/fake-fleet.ts";
import { VirtualTimers } from "./testing/virtual-timers.ts";

type DriverEnd = FakeChannel<ToExecutor, FromExecutor>;

function cluster(allocation?: AllocationOptions) {
  const fleet = new FakeFleet();
  const timers = new VirtualTimers();
  const events: UntimedEvent[] = [];
  const source = new FakeBlockSource();
  const backend = new RemoteBackend({
    fleet,
    timers,
    clock: timers.clock,
    executorTimeout: 1000,
    startTimeout: 1000,
    aliveInterval: 100,
    results: { source },
    allocation,
  });
  const started = backend.start(
    (event) => events.push(event),
    () => true,
  );
  const join = (executor: string): DriverEnd => {
    const channel: DriverEnd = new FakeChannel();
    fleet.observer?.onStart(executor);
    backend.connected(executor, channel);
    channel.hear({ type: "registered", slots: 2, host: `${executor}.host`, blockPort: 7000, process: 1, node: "v20" });
    return channel;
  };
  return { fleet, timers, events, backend, started, join };
}

const traffic = { fetchedBytes: 5, servedBytes: 6, evictedBlocks: 0 };
const index = Uint8Array.of(1);
const stored = (store: number, output: number) => ({ store, output, index });
const mapOutput = (partition: number, task: number, executor: string): MapOutput => ({
  partition,
  task,
  executor,
  handle: { executor, ...stored(1, task) },
  sizes: new Float64Array(1),
});

function prepared(task: number, executor: string, outputs: readonly MapOutput[] = []): PreparedTask {
  return {
    launch: {
      task,
      stage: 3,
      stageKind: { kind: "result", job: 1 },
      node: 1,
      partition: 0,
      attempt: 0,
      executor,
      slot: 1,
      shuffles: outputs.length > 0 ? [9] : [],
      cached: [],
    },
    code: { bytes: Uint8Array.of(5), payloads: () => [] },
    shuffles: outputs.length > 0 ? [{ shuffle: 9, outputs }] : [],
  };
}

test("an executor is there when it has registered, and starting waits for the first", async () => {
  const { started, join, events, backend } = cluster();
  join("a");
  await started;
  expect(events).toEqual([{ type: "executorAdded", executor: "a", host: "a.host", slots: 2 }]);
  expect(backend.expects("a")).toBe(false);
});

test("starting fails where executors cannot be started", async () => {
  const { started, fleet } = cluster();
  fleet.observer?.onFailure(new Error("no memory"));
  await expect(started).rejects.toThrow("no memory");
});

test("a fleet is told which executors have done a task: their ends are no failed starts", () => {
  const { fleet, join } = cluster();
  const [a] = [join("a"), join("b")];
  a.hear({ type: "heartbeat", tasks: [], residentBytes: 1, traffic });
  expect(fleet.workers).toEqual(new Set());
  a.hear({
    type: "finished",
    task: 1,
    outcome: { kind: "result", bytes: Uint8Array.of(1), encoded: false },
    blocks: [],
    traffic,
  });
  expect(fleet.workers).toEqual(new Set(["a"]));
});

test("a stage's code is sent once to each executor", () => {
  const { backend, join } = cluster();
  const [a, b] = [join("a"), join("b")];
  backend.launch(prepared(1, "a"));
  backend.launch(prepared(2, "a"));
  backend.launch(prepared(3, "b"));
  expect(a.sent.map(({ type }) => type)).toEqual(["stage", "task", "task"]);
  expect(b.sent.map(({ type }) => type)).toEqual(["stage", "task"]);
  backend.forgetStages([3, 4]);
  backend.forgetStages([3]);
  expect(a.sent.slice(3)).toEqual([{ type: "forgetStages", stages: [3] }]);
});

test("a task that is too large to be sent fails, and those that follow are sent with what they need", () => {
  const { backend, join, events } = cluster();
  const a = join("a");
  let tooLarge: string | undefined = "stage";
  const send = a.send.bind(a);
  a.send = (message) => {
    if (message.type === tooLarge) throw new RangeError("a message of 300000000 bytes is too large for a connection");
    send(message);
  };
  for (const [task, part] of [
    [1, "stage"],
    [2, "task"],
  ] as const) {
    // prettier-ignore
    tooLarge = part;
    backend.launch(prepared(task, "a", [mapOutput(0, 1, "a")]));
    const failed = events.at(-1);
    expect(failed).toMatchObject({ type: "taskFailed", task, failure: { kind: "exception" } });
    expect(JSON.stringify(failed)).toMatch(/GLOAM_ARGUMENT_INVALID.*300000000 bytes/);
  }
  expect(backend.executors()).toMatchObject([{ tasks: 0 }]);
  tooLarge = undefined;
  backend.launch(prepared(3, "a"));
  expect(a.sent.map(({ type }) => type)).toEqual(["stage", "mapOutputs", "task"]);
  // Whoever waits for tasks to end does not wait for those.
  backend.releaseExecutor("a");
  expect(a.sent.map(({ type }) => type)).toEqual(["stage", "mapOutputs", "task", "stop"]);
});

test("an executor is told once where each map output lies, and of a new attempt's", () => {
  const { backend, join } = cluster();
  const [a] = [join("a"), join("b")];
  const [first, second] = [mapOutput(0, 1, "a"), mapOutput(1, 2, "b")];
  backend.launch(prepared(10, "a", [first, second]));
  backend.launch(prepared(11, "a", [first, second]));
  backend.launch(prepared(12, "a", [first, mapOutput(1, 5, "b")]));
  const told = a.sent.filter(({ type }) => type === "mapOutputs");
  expect(told).toEqual([
    {
      type: "mapOutputs",
      shuffle: 9,
      addresses: [{ executor: "b", host: "b.host", port: 7000 }],
      outputs: [
        { partition: 0, task: 1, place: { store: 1, output: 1 } },
        { partition: 1, task: 2, place: { store: 1, output: 2, remote: { at: 0, index } } },
      ],
    },
    {
      type: "mapOutputs",
      shuffle: 9,
      addresses: [{ executor: "b", host: "b.host", port: 7000 }],
      outputs: [{ partition: 1, task: 5, place: { store: 1, output: 5, remote: { at: 0, index } } }],
    },
  ]);
});

test("outputs that are dropped are freed where they lie, and forgotten where they were known", () => {
  const { backend, join } = cluster();
  const [a, b] = [join("a"), join("b")];
  const outputs = [mapOutput(0, 1, "b"), mapOutput(1, 2, "b")];
  backend.launch(prepared(10, "a", outputs));
  backend.dropMapOutputs(outputs);
  backend.forgetShuffle(9);
  expect(a.sent.at(-1)).toEqual({ type: "forgetShuffles", shuffles: [9] });
  expect(b.sent).toEqual([
    {
      type: "free",
      outputs: [
        { store: 1, output: 1 },
        { store: 1, output: 2 },
      ],
    },
  ]);
});

test("a cached block that an executor dropped is lost, unless the driver had it freed before", () => {
  const { backend, join, events } = cluster();
  const a = join("a");
  const blocks = [1, 2].map((output) => ({ node: 7, partition: output, worker: 0, level: "MEMORY_ONLY", output: stored(1, output) })); // prettier-ignore
  a.hear({ type: "failed", task: 1, failure: { kind: "killed" }, blocks, traffic });
  const added = events.find((event) => event.type === "blocksAdded")!;
  const known = (added as { readonly blocks: readonly CachedBlock[] }).blocks;
  backend.dropCachedBlocks(known.slice(0, 1));
  a.hear({
    type: "dropped",
    blocks: [1, 2].map((output) => ({ node: 7, partition: output, place: { store: 1, output } })),
  });
  const lost = events.at(-1) as { readonly type: string; readonly blocks: readonly { readonly handle: unknown }[] };
  expect(lost).toMatchObject({ type: "blocksLost", blocks: [{ node: 7, partition: 2, executor: "a" }] });
  // The very handle, by which the scheduler knows it.
  expect(lost.blocks[0]?.handle).toBe(known[1]?.handle);
});

test("what executors report becomes events", () => {
  const { join, events } = cluster();
  const a = join("a");
  const sizes = new Uint8Array(new Float64Array([3, 4]).buffer);
  a.hear({
    type: "finished",
    task: 1,
    outcome: { kind: "output", output: stored(1, 2), sizes },
    blocks: [{ node: 7, partition: 0, worker: 1, level: "MEMORY_ONLY", output: stored(1, 3) }],
    traffic,
  });
  a.hear({
    type: "finished",
    task: 2,
    outcome: { kind: "result", bytes: Uint8Array.of(1), encoded: true },
    blocks: [],
    traffic,
  });
  a.hear({ type: "failed", task: 3, failure: { kind: "killed" }, blocks: [], traffic });
  a.hear({ type: "commitAsked", task: 4 });
  expect(events.slice(1)).toEqual([
    {
      type: "blocksAdded",
      task: 1,
      blocks: [
        {
          node: 7,
          partition: 0,
          executor: "a",
          slot: 1,
          handle: { executor: "a", ...stored(1, 3), level: "MEMORY_ONLY" },
        },
      ],
    },
    {
      type: "taskFinished",
      task: 1,
      outcome: { kind: "mapOutput", handle: { executor: "a", ...stored(1, 2) }, sizes: new Float64Array([3, 4]) },
    },
    { type: "taskFinished", task: 2, outcome: { kind: "result", value: { bytes: Uint8Array.of(1), encoded: true } } },
    { type: "taskFailed", task: 3, failure: { kind: "killed" } },
    { type: "commitAsked", task: 4 },
  ]);
});

test("what executors say of themselves is known until they are gone", () => {
  const { join, backend } = cluster();
  const a = join("a");
  const status = {
    executor: "a",
    host: "a.host",
    slots: 2,
    tasks: 0,
    residentBytes: 0,
    fetchedBytes: 0,
    servedBytes: 0,
    evictedBlocks: 0,
  };
  expect(backend.executors()).toEqual([status]);
  backend.launch(prepared(1, "a"));
  backend.launch(prepared(2, "a"));
  a.hear({ type: "failed", task: 1, failure: { kind: "killed" }, blocks: [], traffic });
  expect(backend.executors()).toEqual([{ ...status, tasks: 1, ...traffic }]);
  a.hear({
    type: "heartbeat",
    tasks: [2],
    residentBytes: 7,
    traffic: { fetchedBytes: 8, servedBytes: 9, evictedBlocks: 1 },
  });
  expect(backend.executors()).toEqual([
    { ...status, tasks: 1, residentBytes: 7, fetchedBytes: 8, servedBytes: 9, evictedBlocks: 1 },
  ]);
  a.cut();
  expect(backend.executors()).toEqual([]);
});

test("a cached block is dropped where it lies, with the handle that it was reported with", () => {
  const { join, events, backend } = cluster();
  const a = join("a");
  a.hear({
    type: "failed",
    task: 1,
    failure: { kind: "killed" },
    blocks: [{ node: 7, partition: 0, worker: 1, level: "MEMORY_ONLY", output: stored(1, 3) }],
    traffic,
  });
  const [, added] = events;
  const { blocks } = added as { readonly blocks: readonly CachedBlock[] };
  backend.dropCachedBlocks(blocks);
  expect(a.sent).toEqual([{ type: "dropCached", blocks: [{ node: 7, partition: 0, place: { store: 1, output: 3 } }] }]);
});

test("an executor whose connection is cut is lost, and ended, as soon as nothing more can be learnt of it", () => {
  const { join, events, fleet, timers, backend } = cluster();
  join("a").cut();
  expect(backend.expects("a")).toBe(false);
  expect(events).toHaveLength(1);
  timers.advance(500);
  expect(events[1]).toMatchObject({ type: "executorLost", executor: "a", taskFault: false });
  expect(fleet.ended).toEqual(["a"]);
});

test.each([
  [{ code: 134, signal: undefined }, true, /out of memory/],
  [{ code: undefined, signal: "SIGKILL" }, true, /out of memory, or was killed/],
  [{ code: 3, signal: undefined }, false, /exited with code 3/],
])("an executor that ends with %j says so", (end, taskFault, reason) => {
  const { join, events, fleet, timers } = cluster();
  join("a").cut();
  fleet.observer?.onExit("a", end);
  timers.advance(1000);
  expect(events.slice(1)).toMatchObject([
    { type: "executorLost", executor: "a", taskFault, reason: expect.stringMatching(reason) as string },
  ]);
});

test("an exit that is known before the connection's end counts once", () => {
  const { join, events, fleet, timers } = cluster();
  const channel = join("a");
  fleet.observer?.onExit("a", { code: 1, signal: undefined });
  expect(channel.ended).toBe("terminated");
  timers.advance(1000);
  expect(events.filter(({ type }) => type === "executorLost")).toHaveLength(1);
});

test("an executor that falls silent is lost; one that only beats is not", async () => {
  const { join, events, fleet, timers, started } = cluster();
  const [a, b] = [join("a"), join("b")];
  await started;
  for (let i = 0; i < 30; i++) {
    a.hear({ type: "heartbeat", tasks: [], residentBytes: 0, traffic });
    timers.advance(100);
  }
  timers.advance(500);
  expect(events.filter(({ type }) => type === "executorLost")).toMatchObject([{ executor: "b" }]);
  expect(fleet.ended).toContain("b");
  expect(b.ended).toBe("terminated");
  expect(a.sent.every(({ type }) => type === "alive")).toBe(true);
  expect(a.sent.length).toBeGreaterThan(20);
});

test("nobody is lost because the driver stood still", async () => {
  const { join, events, timers, started } = cluster();
  const a = join("a");
  await started;
  timers.clock.advance(5000);
  timers.advance(0);
  a.hear({ type: "heartbeat", tasks: [], residentBytes: 0, traffic });
  timers.advance(900);
  expect(events).toHaveLength(1);
  timers.advance(500);
  expect(events.slice(1)).toMatchObject([{ type: "executorLost", executor: "a" }]);
});

test("what a lost executor still says is not heard", () => {
  const { join, events, timers } = cluster();
  const channel = join("a");
  channel.cut();
  timers.advance(1000);
  const before = events.length;
  expect(() => channel.hear({ type: "commitAsked", task: 1 })).toThrow(
    expect.objectContaining({ code: "GLOAM_FRAME_INVALID" }),
  );
  expect(events).toHaveLength(before);
});

test("whoever has not registered, or does twice, is a liar", () => {
  const { join, backend, fleet } = cluster();
  const stranger: DriverEnd = new FakeChannel();
  fleet.observer?.onStart("b");
  backend.connected("b", stranger);
  const registration = { type: "registered", slots: 1, host: "h", blockPort: 1, process: 1, node: "" } as const;
  for (const lie of [() => stranger.hear({ type: "commitAsked", task: 1 }), () => join("a").hear(registration)]) {
    expect(lie).toThrow(expect.objectContaining({ code: "GLOAM_FRAME_INVALID" }));
  }
});

test("stopping tells all executors, and ends those that have not registered", async () => {
  const { join, backend, fleet, timers, started } = cluster();
  const a = join("a");
  await started;
  const stranger: DriverEnd = new FakeChannel();
  fleet.observer?.onStart("b");
  backend.connected("b", stranger);
  await backend.stop();
  const late = join("d");
  expect(a.sent).toEqual([{ type: "stop" }]);
  expect([stranger.ended, late.ended]).toEqual(["terminated", "terminated"]);
  expect(fleet.stopped).toBe(true);
  expect(timers.pending).toBe(0);
  expect(backend.expects("c")).toBe(false);
});

describe("an executor that has to go", () => {
  const copy = { store: 8, output: 9, index };

  test("gives its blocks away, and goes when nobody reads them any more", () => {
    const { backend, fleet, events, join } = cluster();
    const [a, b] = [join("a"), join("b")];
    backend.launch(prepared(10, "b", [mapOutput(0, 1, "a")]));
    a.hear({ type: "leaving", within: 5000 });
    expect(fleet.left).toEqual(["a"]);
    expect(events.at(-1)).toEqual({ type: "executorDraining", executor: "a" });
    const output = mapOutput(0, 1, "a");
    backend.migrateBlocks({ type: "migrateBlocks", executor: "a", outputs: [{ shuffle: 9, output }], cached: [] });
    b.hear({ type: "taken", move: 0, copy });
    expect(events.at(-1)).toMatchObject({ type: "blocksMoved", moves: [{ to: "b", task: 1 }] });
    backend.releaseExecutor("a");
    // A task may read what was at its old place.
    expect(a.sent).toEqual([]);
    b.hear({ type: "failed", task: 10, failure: { kind: "killed" }, blocks: [], traffic });
    expect(a.sent).toEqual([{ type: "free", outputs: [{ store: 1, output: 1 }] }, { type: "stop" }]);
  });

  test("is told of by its fleet, and of one that has not registered nothing is kept", () => {
    const { backend, fleet, events, join } = cluster();
    join("a");
    fleet.observer?.onDraining("a", 5000);
    fleet.observer?.onDraining("a", 5000);
    fleet.observer?.onStart("b");
    fleet.observer?.onDraining("b", 5000);
    expect(events.slice(1)).toEqual([{ type: "executorDraining", executor: "a" }]);
    expect([fleet.left, fleet.ended]).toEqual([["a", "b"], ["b"]]);
    expect(backend.expects("b")).toBe(false);
  });

  test("is told to go when its time is over, and ended when it does not", () => {
    const { fleet, timers, join, events } = cluster();
    const a = join("a");
    fleet.observer?.onDraining("a", 300);
    timers.advance(299);
    expect(a.sent.filter(({ type }) => type === "stop")).toEqual([]);
    timers.advance(1);
    expect(a.sent.filter(({ type }) => type === "stop")).toHaveLength(1);
    for (let beat = 0; beat < 10; beat++) {
      a.hear({ type: "heartbeat", tasks: [], residentBytes: 0, traffic });
      timers.advance(500);
    }
    fleet.observer?.onExit("a", { code: undefined, signal: "SIGKILL" });
    expect(fleet.ended).toEqual(["a"]);
    // It was killed, and not because of its tasks.
    expect(events.slice(2)).toMatchObject([{ type: "executorLost", taskFault: false }]);
  });

  test("leaves no timer when it has gone", async () => {
    const { fleet, timers, join, backend, events } = cluster();
    join("a");
    fleet.observer?.onDraining("a", 300);
    fleet.observer?.onExit("a", { code: 0, signal: undefined });
    expect(events.at(-1)).toMatchObject({ type: "executorLost", taskFault: false });
    await backend.stop();
    expect(timers.pending).toBe(0);
  });

  test("and what it was told of one that has gone before is told anew", () => {
    const { backend, join } = cluster();
    const [a] = [join("a"), join("b")];
    const output = mapOutput(0, 1, "b");
    backend.launch(prepared(10, "a", [output]));
    const moved = { ...output, executor: "a", handle: { executor: "a", ...stored(8, 9) } };
    backend.launch(prepared(11, "a", [moved]));
    const told = a.sent.filter(({ type }) => type === "mapOutputs");
    expect(told.at(-1)).toMatchObject({ outputs: [{ partition: 0, task: 1, place: { store: 8, output: 9 } }] });
    expect(told).toHaveLength(2);
  });
});

test("executors are asked for when tasks wait, and let go when they have nothing to do", () => {
  const { backend, fleet, timers, join, events } = cluster({
    minExecutors: 0,
    initialExecutors: 1,
    maxExecutors: 3,
    placesPerExecutor: 2,
    executorIdleTimeout: 400,
    schedulerBacklogTimeout: 100,
    decommissionTimeout: 5000,
  });
  const [a, b] = [join("a"), join("b")];
  const beat = (): void => {
    for (const channel of [a, b]) channel.hear({ type: "heartbeat", tasks: [], residentBytes: 0, traffic });
    timers.advance(100);
  };
  backend.requestExecutors(4);
  beat();
  expect(fleet.wanted).toEqual([2]);
  backend.launch(prepared(1, "a"));
  a.hear({
    type: "finished",
    task: 1,
    outcome: { kind: "output", output: stored(1, 2), sizes: index },
    blocks: [],
    traffic,
  });
  backend.requestExecutors(0);
  for (let i = 0; i < 10; i++) beat();
  // The other holds an output that nobody else could take.
  expect(events.filter(({ type }) => type === "executorDraining")).toEqual([
    { type: "executorDraining", executor: "a" },
  ]);
  backend.dropMapOutputs([{ ...mapOutput(0, 1, "a"), handle: { executor: "a", ...stored(1, 2) } }]);
  for (let i = 0; i < 10; i++) beat();
  expect(fleet.wanted).toEqual([2, 1, 0]);
});
