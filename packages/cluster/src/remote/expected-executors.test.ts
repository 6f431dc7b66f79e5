import { VirtualClock } from "@gloam/common";
import type { FromExecutor, ToExecutor } from "@gloam/protocol";
import { expect, test } from "vitest";
import { ExpectedExecutors } from "./expected-executors.ts";
import { FakeChannel } from "./testing/fake-channel.ts";

type DriverEnd = FakeChannel<ToExecutor, FromExecutor>;

function expected(...ids: readonly string[]) {
  const clock = new VirtualClock();
  const executors = new ExpectedExecutors(clock);
  for (const id of ids) executors.expect(id);
  return { clock, executors };
}

test("one that was started may connect once, and is expected until it has registered", () => {
  const { executors } = expected("a");
  const channel: DriverEnd = new FakeChannel();
  expect([executors.awaits("a"), executors.awaits("b")]).toEqual([true, false]);
  executors.connected("a", channel);
  expect([executors.awaits("a"), executors.has("a")]).toEqual([false, true]);
  expect(executors.registered("a", channel)).toBe(true);
  expect([executors.awaits("a"), executors.has("a")]).toEqual([false, false]);
  expect(executors.registered("a", channel)).toBe(false);
  // Nothing here ends the connection of one that is there.
  executors.forget("a");
  executors.terminate();
  expect(channel.ended).toBeUndefined();
});

test("one registers over the connection that was let in, and no other", () => {
  const { executors } = expected("a");
  const [channel, other]: DriverEnd[] = [new FakeChannel(), new FakeChannel()];
  expect(executors.registered("a", other!)).toBe(false);
  executors.connected("a", channel!);
  expect(executors.registered("a", other!)).toBe(false);
  expect(executors.has("a")).toBe(true);
});

test("one that is forgotten is cut off, not let in and not heard, until one is started under its name", () => {
  const { executors } = expected("a", "b");
  const channel: DriverEnd = new FakeChannel();
  executors.connected("a", channel);
  executors.forget("a");
  executors.forget("c");
  expect(channel.ended).toBe("terminated");
  expect([executors.has("a"), executors.awaits("a"), executors.has("b")]).toEqual([false, false, true]);
  executors.connected("a", new FakeChannel());
  expect(executors.has("a")).toBe(false);
  expect(executors.registered("a", channel)).toBe(false);
  executors.expect("a");
  expect(executors.awaits("a")).toBe(true);
  expect(executors.registered("a", channel)).toBe(false);
});

test("those are overdue that were started longer ago, connected or not, and time that is excused does not count", () => {
  const { clock, executors } = expected("a", "b");
  executors.connected("b", new FakeChannel());
  clock.advance(60);
  executors.expect("c");
  clock.advance(40);
  expect(executors.overdue(100)).toEqual([]);
  clock.advance(1);
  expect(executors.overdue(100)).toEqual(["a", "b"]);
  executors.excuse(50);
  expect(executors.overdue(100)).toEqual([]);
  clock.advance(50);
  expect(executors.overdue(100)).toEqual(["a", "b"]);
  executors.forget("a");
  expect(executors.overdue(100)).toEqual(["b"]);
});

test("at the end all that have connected and not registered are cut off", () => {
  const { executors } = expected("a", "b", "c");
  const channels: DriverEnd[] = [new FakeChannel(), new FakeChannel()];
  executors.connected("a", channels[0]!);
  executors.connected("b", channels[1]!);
  executors.terminate();
  expect(channels.map(({ ended }) => ended)).toEqual(["terminated", "terminated"]);
});
