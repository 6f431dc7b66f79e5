import { describe, expect, it } from "vitest";
import type { StageEvent } from "../scheduling.ts";
import { ProgressRelay } from "./progress-relay.ts";

function started(stage: number, attempt = 0): StageEvent {
  return { type: "stageStarted", stage, kind: { kind: "result", job: 1 }, node: 1, attempt, tasks: 9, jobs: [1] };
}

function progress(stage: number, tasks: number): StageEvent {
  return { type: "stageProgress", stage, finished: tasks, running: 1, failed: 0, tasks: 9 };
}

function finished(stage: number, attempt = 0): StageEvent {
  return { type: "stageFinished", stage, attempt, succeeded: true };
}

/** A relay, what it sent, and its timer, which rings when told. */
function relay(): { relay: ProgressRelay; sent: (readonly StageEvent[])[]; ring: () => void; timers: () => number } {
  const sent: (readonly StageEvent[])[] = [];
  let waiting: (() => void)[] = [];
  const after = (_: number, action: () => void): (() => void) => {
    waiting.push(action);
    return () => undefined;
  };
  return {
    relay: new ProgressRelay((events) => sent.push(events), { after }),
    sent,
    ring: () => {
      const due = waiting;
      waiting = [];
      for (const action of due) action();
    },
    timers: () => waiting.length,
  };
}

describe("a relay of progress", () => {
  it("tells the newest of each stage when it is time", () => {
    const { relay: to, sent, ring } = relay();
    for (const event of [started(1), progress(1, 1), started(2), progress(1, 2)]) to.add(event);
    expect(sent).toEqual([]);
    ring();
    expect(sent).toEqual([[started(1), progress(1, 2), started(2)]]);
  });

  it("tells nothing while the last report has not been taken", () => {
    const { relay: to, sent, ring, timers } = relay();
    to.add(started(1));
    ring();
    for (let tasks = 1; tasks < 1000; tasks++) to.add(progress(1, tasks));
    expect(timers()).toBe(0);
    to.seen();
    ring();
    expect(sent.slice(1)).toEqual([[progress(1, 999)]]);
  });

  it("says nothing of stages that came and went meanwhile, and the end of those that were told of", () => {
    const { relay: to, sent, ring } = relay();
    to.add(started(1));
    ring();
    for (let stage = 2; stage < 1000; stage++) {
      for (const event of [started(stage), progress(stage, 1), finished(stage)]) to.add(event);
    }
    for (const event of [progress(1, 3), finished(1), progress(77, 2)]) to.add(event);
    to.seen();
    ring();
    expect(sent.slice(1)).toEqual([[finished(1)]]);
  });

  it("tells of another attempt after the end of the first", () => {
    const { relay: to, sent, ring } = relay();
    to.add(started(1));
    ring();
    for (const event of [finished(1), started(1, 1), progress(1, 1)]) to.add(event);
    to.seen();
    ring();
    expect(sent.slice(1)).toEqual([[finished(1), started(1, 1), progress(1, 1)]]);
  });

  it("tells everything at once when a job ends, and waits for all of that to be taken", () => {
    const { relay: to, sent, ring, timers } = relay();
    to.add(started(1));
    ring();
    to.add(finished(1));
    to.flush();
    to.flush();
    expect(sent).toEqual([[started(1)], [finished(1)]]);
    to.add(started(2));
    to.seen();
    expect(timers()).toBe(0);
    to.seen();
    ring();
    expect(sent.slice(2)).toEqual([[started(2)]]);
  });
});
