import { decodeValue, encodeValue } from "@gloam/arrow";
import type { GloamError, Timers } from "@gloam/common";
import type { Channel, ChannelObserver, FromExecutor, LaunchedTask, ToExecutor } from "@gloam/protocol";
import type { OutputHandle } from "@gloam/storage";
import { expect, test } from "vitest";
import { ExecutorProcess, type TaskRunner } from "./executor-process.ts";

const handle = (store: number, output: number): OutputHandle => ({
  store,
  output,
  extents: Uint32Array.of(0, 5, 0, 0, 100, 0),
  file: undefined,
});

const task = (id: number, more: Partial<LaunchedTask> = {}): ToExecutor => ({
  type: "task",
  task: {
    task: id,
    stage: 1,
    partition: 0,
    attempt: 0,
    slot: 1,
    payloads: encodeValue([{ node: 0, partition: 0, payload: [1, 2] }]),
    shuffles: [],
    addresses: [],
    cached: [],
    ...more,
  },
});

/** An executor of two places between a driver and threads that the test plays. */
function begin() {
  const sent: FromExecutor[] = [];
  const calls: [string, ...unknown[]][] = [];
  const timers: { readonly milliseconds: number; readonly action: () => void; on: boolean }[] = [];
  const ends: (GloamError | undefined)[] = [];
  const takes: {
    readonly source: unknown;
    readonly cached: Parameters<ConstructorParameters<typeof ExecutorProcess>[0]["take"]>[1];
    readonly onTaken: Parameters<ConstructorParameters<typeof ExecutorProcess>[0]["take"]>[2];
  }[] = [];
  let driver: ChannelObserver<ToExecutor> | undefined;
  const channel: Channel<FromExecutor, ToExecutor> = {
    observe: (observer) => (driver = observer),
    send: (message) => sent.push(message),
    close: () => undefined,
    terminate: () => undefined,
  };
  const virtual: Timers = {
    after: (milliseconds, action) => {
      const timer = { milliseconds, action, on: true };
      timers.push(timer);
      return () => (timer.on = false);
    },
  };
  const record =
    (name: string) =>
    (...values: unknown[]): void =>
      void calls.push([name, ...values]);
  const runner: TaskRunner = {
    addStage: record("addStage"),
    forgetStages: record("forgetStages"),
    launch: record("launch"),
    kill: record("kill"),
    answerCommit: record("answerCommit"),
    answerBarrier: record("answerBarrier"),
    forgetCached: record("forgetCached"),
  };
  const executor = new ExecutorProcess({
    channel,
    runner,
    free: record("free"),
    take: (source, cached, onTaken) => takes.push({ source, cached, onTaken }),
    timers: virtual,
    heartbeatInterval: 10,
    driverLostTimeout: 100,
    residentBytes: () => 7,
    traffic: () => ({ fetchedBytes: 8, servedBytes: 9, evictedBlocks: 2 }),
    onEnd: (error) => ends.push(error),
  });
  const registered = { type: "registered", slots: 2, host: "h", blockPort: 1, process: 1, node: "v20" } as const;
  executor.begin(registered);
  const fire = (milliseconds: number): void => {
    const timer = timers.findLast((each) => each.on && each.milliseconds === milliseconds);
    if (timer === undefined) throw new Error("no such timer");
    timer.on = false;
    timer.action();
  };
  return { executor, sent, calls, timers, ends, fire, takes, channel, driver: driver! };
}

test("it registers first", () => {
  expect(begin().sent).toMatchObject([{ type: "registered", slots: 2 }]);
});

test("a task goes to the threads with its payloads decoded, and its end to the driver", () => {
  const { executor, driver, calls, sent } = begin();
  driver.onMessage({ type: "stage", stage: 1, shuffleMap: true, code: Uint8Array.of(1) });
  driver.onMessage(task(5));
  expect(calls).toMatchObject([
    ["addStage", 1, true, Uint8Array.of(1), undefined],
    ["launch", { task: 5, payloads: [{ node: 0, partition: 0, payload: [1, 2] }], shuffles: [], cached: [] }, 1],
  ]);
  const output = handle(3, 4);
  executor.committed.add(output);
  executor.ended(5, {
    type: "finished",
    worker: 1,
    blocks: [],
    outcome: { kind: "output", handle: output, sizes: new Float64Array([100]) },
  });
  expect(sent.at(-1)).toMatchObject({
    type: "finished",
    task: 5,
    outcome: { kind: "output", output: { store: 3, output: 4 }, sizes: { length: 8 } },
  });
});

test("an end that is too large to be told is the task's failure, and what nobody will hear of is freed", () => {
  const { executor, driver, calls, sent, channel } = begin();
  const send = channel.send.bind(channel);
  channel.send = (message) => {
    if (message.type === "finished") throw new RangeError("a message of 300000000 bytes is too large for a connection");
    send(message);
  };
  driver.onMessage(task(5));
  const [output, block] = [handle(3, 4), handle(3, 5)];
  executor.committed.add(output);
  executor.committed.add(block);
  executor.ended(5, {
    type: "finished",
    worker: 1,
    blocks: [{ node: 7, partition: 0, handle: block, level: "MEMORY_ONLY" }],
    outcome: { kind: "output", handle: output, sizes: new Float64Array([100]) },
    accumulators: new Uint8Array(9),
  });
  const failed = sent.at(-1);
  expect(failed).toMatchObject({
    type: "failed",
    task: 5,
    failure: { kind: "exception" },
    blocks: [{ node: 7, output: { store: 3, output: 5 } }],
  });
  const { failure } = failed as unknown as { readonly failure: { readonly error: Uint8Array } };
  expect(JSON.stringify(decodeValue(failure.error))).toMatch(/GLOAM_RESULT_TOO_LARGE.*300000000 bytes/);
  expect(calls.at(-1)).toEqual(["free", [output]]);
  // There is room for another.
  for (const id of [6, 7]) driver.onMessage(task(id));
});

test("a task finds the map outputs that it was told of: its own as they lie here, others where they are", () => {
  const { executor, driver, calls } = begin();
  executor.committed.add(handle(3, 4));
  driver.onMessage({
    type: "mapOutputs",
    shuffle: 9,
    addresses: [{ executor: "b", host: "b.host", port: 70 }],
    outputs: [
      { partition: 1, task: 2, place: { store: 1, output: 2, remote: { at: 0, index: Uint8Array.of(1) } } },
      { partition: 0, task: 1, place: { store: 3, output: 4 }, sketch: Uint8Array.of(2) },
      { partition: 2, task: 3, place: { store: 3, output: 99 } },
    ],
  });
  driver.onMessage(task(5, { shuffles: [9] }));
  expect(calls.at(-1)).toMatchObject([
    "launch",
    {
      shuffles: [
        {
          shuffle: 9,
          outputs: [
            { partition: 0, task: 1, handle: { extents: handle(3, 4).extents }, sketch: Uint8Array.of(2) },
            { partition: 1, task: 2, handle: { executor: "b", host: "b.host", port: 70, store: 1, output: 2 } },
            { partition: 2, task: 3, handle: { lost: true, store: 3, output: 99 } },
          ],
        },
      ],
    },
    1,
  ]);
});

test("outputs are freed by their names, once", () => {
  const { executor, driver, calls } = begin();
  executor.committed.add(handle(3, 4));
  const free: ToExecutor = { type: "free", outputs: [{ store: 3, output: 4 }] };
  driver.onMessage(free);
  driver.onMessage(free);
  expect(calls).toMatchObject([
    ["free", [{ store: 3, output: 4 }]],
    ["free", []],
  ]);
});

test("a cached block that is dropped is forgotten and freed", () => {
  const { executor, driver, calls } = begin();
  executor.committed.add(handle(3, 4));
  driver.onMessage({ type: "dropCached", blocks: [{ node: 1, partition: 2, place: { store: 3, output: 4 } }] });
  expect(calls).toMatchObject([
    ["forgetCached", [{ node: 1, partition: 2 }]],
    ["free", [{ store: 3, output: 4 }]],
  ]);
});

test("commits are asked for and answered, and tasks are killed", () => {
  const { executor, driver, calls, sent } = begin();
  executor.commitAsked(5);
  expect(sent.at(-1)).toEqual({ type: "commitAsked", task: 5 });
  driver.onMessage({ type: "commit", task: 5, granted: true });
  driver.onMessage({ type: "kill", task: 5 });
  expect(calls).toEqual([
    ["answerCommit", 5, true],
    ["kill", 5],
  ]);
});

test("more tasks than fit are refused", () => {
  const { executor, driver } = begin();
  driver.onMessage(task(1));
  driver.onMessage(task(2));
  expect(() => driver.onMessage(task(3))).toThrow(expect.objectContaining({ code: "GLOAM_INTERNAL" }));
  executor.ended(1, { type: "failed", worker: 0, blocks: [], failure: { kind: "killed" } });
  driver.onMessage(task(3));
});

test("heartbeats name the tasks that it has", () => {
  const { driver, sent, fire } = begin();
  driver.onMessage(task(1));
  fire(10);
  fire(10);
  const heartbeat = {
    type: "heartbeat",
    tasks: [1],
    residentBytes: 7,
    traffic: { fetchedBytes: 8, servedBytes: 9, evictedBlocks: 2 },
  };
  expect(sent.slice(1)).toEqual([heartbeat, heartbeat]);
});

test("it ends when the driver says so, is gone, or says nothing, once", () => {
  const told = begin();
  told.driver.onMessage({ type: "stop" });
  told.driver.onClose(undefined);
  expect(told.ends).toEqual([undefined]);
  expect(told.timers.filter(({ on }) => on)).toEqual([]);

  const gone = begin();
  gone.driver.onClose(undefined);
  expect(gone.ends).toMatchObject([{ code: "GLOAM_CONNECTION_LOST" }]);

  const silent = begin();
  silent.driver.onMessage({ type: "alive" });
  silent.fire(100);
  expect(silent.ends).toMatchObject([{ code: "GLOAM_CONNECTION_LOST" }]);
});

test("an output is copied from where it is, and the driver is told where the copy lies, or that there is none", () => {
  const { driver, takes, sent } = begin();
  const output = { store: 1, output: 2, index: Uint8Array.of(0, 1, 100) };
  for (const move of [7, 8]) {
    driver.onMessage({ type: "take", move, from: { executor: "b", host: "b.host", port: 70 }, output });
  }
  expect(takes[0]?.source).toEqual({ executor: "b", host: "b.host", port: 70, ...output });
  takes[1]?.onTaken(undefined);
  takes[0]?.onTaken(handle(9, 4));
  expect(sent.slice(-2)).toEqual([
    { type: "taken", move: 8, copy: undefined },
    { type: "taken", move: 7, copy: { store: 9, output: 4, index: Uint8Array.of(0, 1, 100) } },
  ]);
});

test("one that has to go tells its driver, and ends when that says so, when its time is over, or when it is told again", () => {
  const leaving = () => {
    const begun = begin();
    begun.executor.leave(500);
    expect(begun.sent.at(-1)).toEqual({ type: "leaving", within: 500 });
    expect(begun.ends).toEqual([]);
    return begun;
  };
  const told = leaving();
  told.driver.onMessage({ type: "stop" });
  const late = leaving();
  late.fire(500);
  const again = leaving();
  again.executor.leave(500);
  for (const { ends, timers, sent } of [told, late, again]) {
    expect(ends).toEqual([undefined]);
    expect(timers.filter(({ on }) => on)).toEqual([]);
    expect(sent.filter(({ type }) => type === "leaving")).toHaveLength(1);
  }
});

test("an executor that can start no threads says why before it ends", () => {
  const { executor, sent, ends } = begin();
  executor.failing(new Error("no more threads"));
  expect(sent.at(-1)).toEqual({ type: "failing", reason: "no more threads" });
  expect(ends).toMatchObject([{ code: "GLOAM_WORKER_LOST" }]);
});

test("a copy of a cached block is kept as its level says", () => {
  const { driver, takes } = begin();
  const output = { store: 1, output: 2, index: Uint8Array.of(0, 1, 100) };
  const from = { executor: "b", host: "b.host", port: 70 };
  const cached = { node: 3, partition: 4, level: "MEMORY_ONLY_2" };
  driver.onMessage({ type: "take", move: 7, from, output, cached });
  expect(takes[0]?.cached).toMatchObject({ node: 3, partition: 4, traits: { useMemory: true, useDisk: false } });
  expect(() => driver.onMessage({ type: "take", move: 8, from, output, cached: { ...cached, level: "?" } })).toThrow(
    "GLOAM_FRAME_INVALID",
  );
});

test("of a cached block that was dropped the driver is told, and its name is free", () => {
  const { executor, sent, calls } = begin();
  const dropped = handle(1, 2);
  executor.committed.add(dropped);
  executor.dropped({ node: 3, partition: 4, handle: dropped });
  expect(sent.at(-1)).toEqual({
    type: "dropped",
    blocks: [{ node: 3, partition: 4, place: { store: 1, output: 2 } }],
  });
  expect(executor.committed.get(dropped)).toMatchObject({ lost: true });
  expect(calls.at(-1)).toEqual(["free", [dropped]]);
});
