import { expect, test } from "vitest";
import { checkInvariants } from "./invariants.ts";
import type { SchedulerState } from "./scheduler.ts";
import { Lineage } from "./testing/lineage.ts";
import { Story } from "./testing/story.ts";

/** A machine in the middle of a job: a map task done, one running, one waiting; a cached block. */
function midway(): SchedulerState {
  const lineage = new Lineage();
  const source = lineage.source(3, { persisted: true });
  const story = new Story();
  story.executor("a", 1);
  story.submit(lineage.job(lineage.shuffle(source, 2)));
  story.cache({ partition: 0 }, source);
  story.finish({ partition: 0 });
  return story.scheduler.state();
}

const breaks: [string, (state: SchedulerState) => void, RegExp][] = [
  ["a slot runs a forgotten task", ({ tasks }) => tasks.clear(), /forgotten/],
  ["a slot is offered twice", ({ executors }) => executors.get("a")?.free.push(0, 0), /offers a slot/],
  ["a slot is lost", ({ executors }) => executors.get("a")?.running.clear(), /is lost/],
  ["an output lies on a lost executor", ({ executors }) => executors.byId.delete("a"), /lost executor/],
  ["a task is lost", ({ activeStages }) => [...activeStages][0]?.pending?.remove(2), /0 states/],
  ["a finished task runs", ({ mapStages }) => mapStages.get(0)?.running.set(0, []), /which is done/],
  ["a job forgets its stage", ({ jobs }) => [...jobs.values()][0]?.stages.clear(), /no stage that works/],
  ["a stage outlives its jobs", ({ jobs }) => jobs.clear(), /outlived/],
  ["a waiting stage is forgotten", ({ mapStages }) => mapStages.get(0)?.waiters.clear(), /does not work for it/],
  ["a pool miscounts", ({ pools }) => [...pools.pools.values()].forEach((pool) => pool.running++), /running tasks/],
  ["an ended task may commit", ({ mapStages }) => mapStages.get(0)?.committers.set(1, 99), /does not run/],
  ["work is left", ({ submissions, activeStages }) => submissions.push(...activeStages), /next event/],
];

test("a sound machine passes", () => {
  expect(() => checkInvariants(midway())).not.toThrow();
});

test.each(breaks)("it is noticed when %s", (_, damage, message) => {
  const state = midway();
  damage(state);
  expect(() => checkInvariants(state)).toThrow(message);
});
