import type { FromExecutor, ToExecutor } from "@gloam/protocol";
import type { CachedBlock, MapOutput, UntimedEvent } from "@gloam/scheduler";
import { expect, test } from "vitest";
import { BlockMoves } from "./block-moves.ts";
import { RemoteExecutor } from "./remote-executor.ts";
import type { RemoteHandle } from "./remote-handle.ts";
import { FakeChannel } from "./testing/fake-channel.ts";
import { VirtualTimers } from "./testing/virtual-timers.ts";

const index = Uint8Array.of(0, 1, 9);
const handle = (output: number): RemoteHandle => ({ executor: "from", store: 1, output, index });
const mapOutput = (task: number): { readonly shuffle: number; readonly output: MapOutput } => ({
  shuffle: 3,
  output: { partition: task, task, executor: "from", handle: handle(task), sizes: new Float64Array(0) },
});
const cached: CachedBlock = { node: 7, partition: 2, executor: "from", slot: 1, handle: handle(90) };

function moving(...receivers: readonly string[]) {
  const timers = new VirtualTimers();
  const events: UntimedEvent[] = [];
  const moved: unknown[] = [];
  /** What else happens when the scheduler is told something. */
  const scheduler: { onEvent: (event: UntimedEvent) => void } = { onEvent: () => undefined };
  const executors = new Map<string, RemoteExecutor>();
  const channels = new Map<string, FakeChannel<ToExecutor, FromExecutor>>();
  const join = (id: string): void => {
    const channel = new FakeChannel<ToExecutor, FromExecutor>();
    channels.set(id, channel);
    executors.set(
      id,
      new RemoteExecutor(id, { ...{ channel, slots: 1, now: 0 }, address: { executor: id, host: "h", port: 1 } }),
    );
  };
  for (const id of ["from", ...receivers]) join(id);
  const moves = new BlockMoves({
    timers,
    post: (event) => {
      events.push(event);
      scheduler.onEvent(event);
    },
    executor: (id) => executors.get(id),
    receivers: () => executors.values(),
    onMoved: (...what) => moved.push(what),
  });
  const takes = (id: string): Extract<ToExecutor, { type: "take" }>[] =>
    (channels.get(id)?.sent ?? []).flatMap((message) => (message.type === "take" ? [message] : []));
  const taken = (id: string, at: number, copied = true): void => {
    const copy = copied ? { store: 5, output: 100 + at, index } : undefined;
    moves.taken(executors.get(id)!, { type: "taken", move: takes(id)[at]!.move, copy });
  };
  return { timers, events, moved, scheduler, executors, channels, join, moves, takes, taken };
}

const leave = { type: "migrateBlocks", executor: "from" } as const;

test("blocks are copied by others, and the scheduler is told where the copies lie", () => {
  const { moves, takes, taken, events, moved } = moving("a", "b");
  moves.move({ ...leave, outputs: [mapOutput(1)], cached: [cached] });
  const from = { executor: "from", host: "h", port: 1 };
  expect(takes("a")).toMatchObject([{ from, output: { store: 1, output: 1, index } }]);
  expect(takes("b")).toMatchObject([{ from, output: { store: 1, output: 90, index } }]);
  taken("b", 0);
  taken("a", 0);
  const copy = (to: string) => ({ to, handle: { executor: to, store: 5, output: 100, index } });
  expect(events).toEqual([
    { type: "blocksMoved", epoch: 1, moves: [{ kind: "cached", block: cached, ...copy("b") }] },
    { type: "blocksMoved", epoch: 2, moves: [{ kind: "mapOutput", shuffle: 3, partition: 1, task: 1, ...copy("a") }] },
  ]);
  expect(moved).toEqual([["from", handle(90)], ["from", handle(1)]]); // prettier-ignore
});

test("an executor has only so much to copy at a time", () => {
  const { moves, takes, taken } = moving("a");
  moves.move({ ...leave, outputs: Array.from({ length: 40 }, (_, task) => mapOutput(task)), cached: [] });
  expect(takes("a")).toHaveLength(16);
  for (let at = 0; at < 5; at++) taken("a", at);
  expect(takes("a")).toHaveLength(21);
});

test("blocks wait for somebody who can take them", () => {
  const { moves, takes, join } = moving();
  moves.move({ ...leave, outputs: [mapOutput(1)], cached: [] });
  expect(takes("from")).toEqual([]);
  join("a");
  moves.tell();
  expect(takes("a")).toHaveLength(1);
});

test("what could not be copied is tried again, and then believed where it is", () => {
  const { moves, takes, taken, timers, events } = moving("a");
  moves.move({ ...leave, outputs: [mapOutput(1)], cached: [] });
  for (let at = 0; at < 3; at++) {
    expect(takes("a")).toHaveLength(at + 1);
    taken("a", at, false);
    timers.advance(500);
  }
  expect(takes("a")).toHaveLength(3);
  expect([events, timers.pending]).toEqual([[], 0]);
});

test("others copy what an executor that is lost should have, but not what is lost itself", () => {
  const { moves, takes, executors, join, events } = moving("a");
  moves.move({ ...leave, outputs: [mapOutput(1)], cached: [] });
  executors.delete("a");
  moves.lost("a");
  join("b");
  moves.tell();
  expect(takes("b")).toHaveLength(1);
  executors.delete("b");
  executors.delete("from");
  moves.lost("b");
  moves.lost("from");
  join("c");
  moves.tell();
  expect([takes("c"), events]).toEqual([[], []]);
});

test("a copy that nobody asked for is freed", () => {
  const { moves, takes, executors, channels, events } = moving("a", "b");
  moves.move({ ...leave, outputs: [mapOutput(1)], cached: [] });
  const move = takes("a")[0]!.move;
  const copy = { store: 5, output: 6, index };
  moves.taken(executors.get("b")!, { type: "taken", move, copy });
  expect(channels.get("b")?.sent).toEqual([{ type: "free", outputs: [{ store: 5, output: 6 }] }]);
  expect(events).toEqual([]);
});

test("the end leaves no timer, also when something fails after it", () => {
  const { moves, taken, timers } = moving("a");
  moves.move({ ...leave, outputs: [mapOutput(1), mapOutput(2)], cached: [] });
  taken("a", 0, false);
  moves.close();
  taken("a", 1, false);
  expect(timers.pending).toBe(0);
});

test("a second copy is made by one that has none, and told whatever becomes of it", () => {
  const { moves, takes, taken, events, timers, join } = moving("a");
  const block = { ...cached, handle: { ...handle(90), level: "MEMORY_ONLY_2" as const } };
  moves.replicate({ type: "replicateBlock", block, holders: ["from", "a"] });
  expect(takes("a")).toEqual([]);
  join("b");
  moves.tell();
  expect(takes("b")).toMatchObject([{ cached: { node: 7, partition: 2, level: "MEMORY_ONLY_2" } }]);
  taken("b", 0);
  const copy = { executor: "b", handle: { executor: "b", store: 5, output: 100, index, level: "MEMORY_ONLY_2" } };
  expect(events).toEqual([{ type: "blockReplicated", epoch: 1, replica: { block, copy } }]);

  moves.replicate({ type: "replicateBlock", block, holders: ["from", "a"] });
  for (let attempt = 1; attempt <= 3; attempt++) {
    taken("b", attempt, false);
    timers.advance(1000);
  }
  expect(events.at(-1)).toEqual({ type: "blockReplicated", epoch: 2, replica: { block, copy: undefined } });
});

test("a block is copied once, also where the scheduler has another one copied while executors are being told", () => {
  const { moves, takes, executors, scheduler, join } = moving("gone");
  const block = { ...cached, executor: "gone" };
  moves.replicate({ type: "replicateBlock", block, holders: ["gone", "from"] });
  moves.move({ ...leave, outputs: [mapOutput(1)], cached: [] });
  expect(takes("gone")).toHaveLength(1);
  scheduler.onEvent = () => {
    scheduler.onEvent = () => undefined;
    moves.replicate({ type: "replicateBlock", block: cached, holders: ["from"] });
  };
  executors.delete("gone");
  join("a");
  moves.lost("gone");
  expect(takes("a").map(({ output }) => output.output)).toEqual([1, 90]);
});

test("a cached block that moves is not lost where its level has no disk", () => {
  const { moves, takes } = moving("a");
  const block = { ...cached, handle: { ...handle(90), level: "MEMORY_ONLY_SER" as const } };
  moves.move({ ...leave, outputs: [], cached: [block] });
  expect(takes("a")).toMatchObject([{ cached: { node: 7, partition: 2, level: "MEMORY_AND_DISK" } }]);
});
