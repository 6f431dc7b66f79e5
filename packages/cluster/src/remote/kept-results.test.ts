import type { FromExecutor, ToExecutor } from "@gloam/protocol";
import type { TaskLaunch, UntimedEvent } from "@gloam/scheduler";
import { expect, test } from "vitest";
import { KeptResults } from "./kept-results.ts";
import { RemoteExecutor } from "./remote-executor.ts";
import { ResultFetcher } from "./result-fetcher.ts";
import { FakeBlockSource } from "./testing/fake-block-source.ts";
import { FakeChannel } from "./testing/fake-channel.ts";

const address = { executor: "a", host: "h", port: 1 };
const launch: TaskLaunch = {
  task: 5,
  stage: 1,
  stageKind: { kind: "result", job: 9 },
  node: 1,
  partition: 3,
  attempt: 0,
  executor: "a",
  slot: 0,
  shuffles: [],
  cached: [],
};
/** One segment with a chunk of 4 bytes, as `compactIndex` writes it. */
const index = Uint8Array.of(0, 1, 4);
const stored = { kind: "storedResult", output: { store: 1, output: 2, index }, encoded: true } as const;
const freed = { type: "free", outputs: [{ store: 1, output: 2 }] };

function results(mayFetch = true) {
  const source = new FakeBlockSource();
  const events: UntimedEvent[] = [];
  const asked: unknown[] = [];
  const kept = new KeptResults(new ResultFetcher({ source }), {
    post: (event) => events.push(event),
    mayFetch: (...what) => {
      asked.push(what);
      return mayFetch;
    },
  });
  const channel = new FakeChannel<ToExecutor, FromExecutor>();
  const executor = new RemoteExecutor("a", { address, channel, slots: 1, now: 0 });
  return { source, events, asked, kept, executor, sent: channel.sent };
}

test("a task ends when its result is here, and its block is freed", () => {
  const { source, events, asked, kept, executor, sent } = results();
  kept.launched(launch);
  kept.finished(executor, 5, stored);
  expect(asked).toEqual([[9, 3, 4, undefined]]);
  expect(events).toEqual([]);
  source.answer(() => Uint8Array.of(1, 2, 3, 4));
  expect(events).toEqual([
    {
      type: "taskFinished",
      task: 5,
      outcome: { kind: "result", value: { bytes: Uint8Array.of(1, 2, 3, 4), encoded: true } },
    },
  ]);
  expect(sent).toEqual([freed]);
});

test("a result that cannot be had fails its task, which counts", () => {
  const { source, events, kept, executor, sent } = results();
  kept.launched(launch);
  kept.finished(executor, 5, stored);
  source.fail("it is not there");
  expect(events).toMatchObject([
    {
      type: "taskFailed",
      task: 5,
      failure: { kind: "resultLost", error: { error: { gloam: { code: "GLOAM_FETCH_FAILED" } } } },
    },
  ]);
  expect(sent).toEqual([freed]);
});

test.each([
  ["cut off", Uint8Array.of(0, 9)],
  ["longer than any", new Uint8Array(2 ** 20 + 1).fill(1)],
])("a result whose index is %s is lost", (_how, bad) => {
  const { events, kept, executor, sent } = results();
  kept.launched(launch);
  kept.finished(executor, 5, { ...stored, output: { ...stored.output, index: bad } });
  expect(events).toMatchObject([{ type: "taskFailed", failure: { kind: "resultLost" } }]);
  expect(sent).toEqual([freed]);
});

test("a result that nobody wants, or that is too large, is freed and not fetched", () => {
  const unwanted = results();
  unwanted.kept.launched(launch);
  unwanted.kept.killed(5);
  unwanted.kept.finished(unwanted.executor, 5, stored);
  const tooLarge = results(false);
  tooLarge.kept.launched(launch);
  tooLarge.kept.finished(tooLarge.executor, 5, stored);
  const another = results();
  another.kept.launched({ ...launch, executor: "b" });
  another.kept.finished(another.executor, 5, stored);
  for (const { source, events, sent } of [unwanted, tooLarge, another]) {
    expect(source.asked).toEqual([]);
    expect(events).toEqual([{ type: "taskFailed", task: 5, failure: { kind: "killed" } }]);
    expect(sent).toEqual([freed]);
  }
});

test("a task that is killed while its result comes has ended", () => {
  const { source, events, kept, executor, sent } = results();
  kept.launched(launch);
  kept.finished(executor, 5, stored);
  kept.killed(5);
  expect(source.asked).toEqual([]);
  expect(events).toEqual([{ type: "taskFailed", task: 5, failure: { kind: "killed" } }]);
  expect(sent).toEqual([freed]);
});

test("of an executor that is lost nothing comes any more, and nothing is said", () => {
  const { source, events, kept, executor, sent } = results();
  kept.launched(launch);
  kept.launched({ ...launch, task: 6 });
  kept.finished(executor, 5, stored);
  kept.lost("a");
  expect(source.asked).toEqual([]);
  expect([events, sent]).toEqual([[], []]);
});
