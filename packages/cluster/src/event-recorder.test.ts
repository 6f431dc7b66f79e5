import { serializeError } from "@gloam/common";
import type { SchedulerInstruction, TaskLaunch, UntimedEvent } from "@gloam/scheduler";
import { expect, test } from "vitest";
import { EventRecorder } from "./event-recorder.ts";
import type { SchedulingEvent } from "./scheduling-event.ts";

function launch(task: number, executor = "a", slot = 0): SchedulerInstruction {
  const launched = { task, stage: 7, partition: task, attempt: 0, executor, slot } as TaskLaunch;
  return { type: "launchTask", launch: launched };
}

const result = { kind: "result", value: { bytes: new Uint8Array(5), encoded: true } } as const;

/** What is told of a story, but for starts of tasks. */
function told(...story: (UntimedEvent | SchedulerInstruction)[]): SchedulingEvent[] {
  const events: SchedulingEvent[] = [];
  const recorder = new EventRecorder((event) => events.push(event));
  let time = 0;
  for (const each of story) {
    if (["launchTask", "killTask", "dropCachedBlocks"].includes(each.type))
      recorder.isDone(each as SchedulerInstruction);
    else recorder.happens({ ...(each as UntimedEvent), time: (time += 10) });
  }
  return events.filter(({ type }) => type !== "taskStart");
}

const tick: UntimedEvent = { type: "timerFired", timer: 1 };

test("a task that ends well, from when it began to run; repetitions and strangers are nothing", () => {
  const events = told(tick, launch(1), { type: "taskStarted", task: 1 }, tick, { type: "taskFinished", task: 1, outcome: result }, { type: "taskFinished", task: 1, outcome: result }, { type: "taskFinished", task: 9, outcome: result }); // prettier-ignore
  expect(events).toEqual([
    {
      ...{
        type: "taskEnd",
        time: 40,
        task: 1,
        stage: 7,
        partition: 1,
        attempt: 0,
        executor: "a",
        outcome: "succeeded",
      },
      metrics: { duration: 20, resultBytes: 5, shuffleBytesWritten: undefined },
    },
  ]);
});

test("bytes of a map output", () => {
  const outcome = { kind: "mapOutput", handle: 1, sizes: Float64Array.of(1, 2, 3) } as const;
  expect(told(launch(1), { type: "taskFinished", task: 1, outcome })).toMatchObject([
    { metrics: { resultBytes: undefined, shuffleBytesWritten: 6 } },
  ]);
});

test("failures, with what was thrown", () => {
  const error = { error: serializeError(new RangeError("no")) };
  const value = { error: serializeError("text") };
  const events = told(
    ...[launch(1), launch(2), launch(3), launch(4)],
    { type: "taskFailed", task: 1, failure: { kind: "exception", error } },
    { type: "taskFailed", task: 2, failure: { kind: "workerLost", error: value } },
    { type: "taskFailed", task: 3, failure: { kind: "commitDenied" } },
    { type: "taskFailed", task: 4, failure: { kind: "killed" } },
  );
  expect(events).toMatchObject([
    { outcome: "failed", failure: { kind: "exception", message: "RangeError: no" } },
    { outcome: "failed", failure: { kind: "workerLost", message: "text" } },
    { outcome: "failed", failure: { kind: "commitDenied", message: undefined } },
    { outcome: "killed" },
  ]);
  expect(events[3]).not.toHaveProperty("failure");
});

test("what nobody wants any more is killed, whatever comes of it", () => {
  const kill = (task: number): SchedulerInstruction => ({ type: "killTask", task, executor: "a", reason: "enough" });
  const failure = { kind: "exception", error: undefined } as const;
  const events = told(launch(1), launch(2), kill(1), kill(2), kill(3), { type: "taskFinished", task: 1, outcome: result }, { type: "taskFailed", task: 2, failure }); // prettier-ignore
  expect(events).toMatchObject([{ outcome: "killed" }, { outcome: "killed" }]);
  expect(events[1]).not.toHaveProperty("failure");
});

test("an executor that is lost takes its tasks along, and a thread its own", () => {
  const events = told(
    ...[launch(1, "a", 0), launch(2, "b", 0), launch(3, "b", 1), launch(4, "a", 1)],
    { type: "executorAdded", executor: "a", host: "h", slots: 2 },
    { type: "workerLost", executor: "b", slot: 1, error: undefined },
    { type: "workerLost", executor: "b", slot: 0, task: 77, error: undefined },
    { type: "executorLost", executor: "a", reason: "gone", taskFault: false },
    { type: "taskFinished", task: 1, outcome: result },
  );
  expect(events).toMatchObject([
    { type: "executorAdded", executor: "a", host: "h", slots: 2 },
    { type: "taskEnd", task: 3, failure: { kind: "workerLost" } },
    { type: "taskEnd", task: 1, failure: { kind: "executorLost", message: "gone" } },
    { type: "taskEnd", task: 4, failure: { kind: "executorLost", message: "gone" } },
    { type: "executorRemoved", executor: "a", reason: "gone" },
  ]);
});

test("a second copy of a block is told where it lies, and none where none could be made", () => {
  const block = { node: 3, partition: 1, executor: "a", handle: 1 };
  const events = told(
    { type: "blockReplicated", epoch: 1, replica: { block, copy: { executor: "b", handle: 2 } } },
    { type: "blockReplicated", epoch: 2, replica: { block } },
  );
  expect(events).toEqual([{ type: "blocksAdded", time: 10, blocks: [{ rdd: 3, partition: 1, executor: "b" }] }]);
});

test("blocks that are stored, moved, lost and dropped", () => {
  const block = { node: 3, partition: 1, executor: "a", handle: 1 };
  const events = told(
    { type: "blocksAdded", task: 1, blocks: [block] },
    { type: "blocksAdded", task: 1, blocks: [] },
    { type: "blocksMoved", epoch: 1, moves: [{ kind: "cached", block, to: "b", handle: 2 }] },
    { type: "blocksLost", blocks: [{ node: 3, partition: 1, executor: "b" }] },
    { type: "dropCachedBlocks", blocks: [block] },
  );
  const at = (executor: string) => ({ rdd: 3, partition: 1, executor });
  expect(events.map((event) => ("blocks" in event ? [event.type, ...event.blocks] : event))).toEqual([
    ["blocksAdded", at("a")],
    ["blocksAdded", at("b")],
    ["blocksRemoved", at("a")],
    ["blocksRemoved", at("b")],
    ["blocksRemoved", at("a")],
  ]);
});
