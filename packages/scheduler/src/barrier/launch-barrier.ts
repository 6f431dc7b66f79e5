import type { Executor } from "../executors.ts";
import { launch } from "../launching.ts";
import type { SlotId, TaskPeer } from "../messages.ts";
import type { Stage } from "../stage.ts";
import { interrupt } from "../stages.ts";
import type { State } from "../state.ts";
import { isAvailable } from "../submission.ts";
import { BarrierRun } from "./barrier-run.ts";
import { needsOf, reachesBarrier, tasksAtOnce, threadsPerTask } from "./stage-demands.ts";

/** An executor's free threads, as they are given away. */
interface Room {
  readonly executor: Executor;
  readonly threads: number[];
  readonly each: number;
}

interface Place {
  readonly executor: Executor;
  readonly slots: readonly [SlotId, ...SlotId[]];
}

/** Launches all tasks of a barrier stage at once, or none; false where there is no room for all of them now. */
export function launchBarrier(state: State, stage: Stage): boolean {
  const needs = Array.from({ length: stage.size }, (_, index) => needsOf(state, stage, index));
  // Another job may have cached all that there is to compute while this one waited for room.
  if (!needs.some((_, index) => reachesBarrier(state, stage, index))) {
    interrupt(state, stage);
    return true;
  }
  if (!needs.every(({ shuffles }) => shuffles.every((shuffle) => isAvailable(state, shuffle)))) {
    interrupt(state, stage);
    return true;
  }
  const places = placeAll(state, stage);
  if (places === undefined) return false;
  const run = new BarrierRun(state.nextBarrierRun++, stage.size, state.options.barrierTimeout);
  stage.run = run;
  state.barrierRuns.add(run);
  // The attempt is that of all together, also where some have run before without the others.
  stage.launched.fill(stage.launched.reduce((most, launched) => Math.max(most, launched), 0));
  const peers: TaskPeer[] = [];
  places.forEach(({ executor }, index) => {
    peers[stage.partition(index)] = { executor: executor.id, host: executor.host };
  });
  for (let index = 0; index < stage.size; index++) {
    const { executor, slots } = places[index] as Place;
    launch(state, stage, { index, executor, slots, speculative: false }, needs[index]!, { run, peers });
  }
  return true;
}

/** Whether all tasks of a barrier stage would have room if nothing else ran. */
export function wouldFit(state: State, stage: Stage): boolean {
  return roomFor(state, stage) >= stage.size;
}

/** Tasks of a barrier stage that could run at a time on the executors that there are. */
export function roomFor(state: State, stage: Stage): number {
  let room = 0;
  for (const executor of state.executors.byId.values()) if (executor.usable) room += tasksAtOnce(stage, executor);
  return room;
}

/** A place for each task: where its data lies if there is room, else where the most is; none where there is not enough. */
function placeAll(state: State, stage: Stage): Place[] | undefined {
  const rooms = state.executors.emptiestFirst().map((executor): Room => {
    return { executor, threads: executor.freeThreads(), each: threadsPerTask(stage, executor) };
  });
  const room = rooms.reduce((sum, { threads, each }) => sum + Math.floor(threads.length / each), 0);
  if (room < stage.size) return undefined;
  const places: Place[] = [];
  const choose = (index: number, suits: (executor: Executor) => boolean): void => {
    if (places[index] !== undefined) return;
    let best: Room | undefined;
    for (const candidate of rooms) {
      if (candidate.threads.length < candidate.each || !suits(candidate.executor)) continue;
      if (best === undefined || candidate.threads.length > best.threads.length) best = candidate;
    }
    if (best === undefined) return;
    const threads = best.threads.splice(-best.each);
    const [slot, ...kept] = threads.flatMap((thread) => best.executor.slotsOf(thread));
    if (slot !== undefined) places[index] = { executor: best.executor, slots: [slot, ...kept] };
  };
  const each = (act: (index: number) => void): void => {
    for (let index = 0; index < stage.size; index++) act(index);
  };
  const refuses = (index: number, executor: Executor): boolean => state.exclusion.refuses(stage, index, executor);
  each((index) => {
    const wanted = stage.shape
      .locations(stage.partition(index), state.blocks)
      .map((location) => (typeof location === "string" ? location : location.executor));
    if (wanted.length === 0) return;
    const isNear = ({ id, host }: Executor): boolean => wanted.includes(id) || wanted.includes(host);
    choose(index, (executor) => isNear(executor) && !refuses(index, executor));
  });
  each((index) => choose(index, (executor) => !refuses(index, executor)));
  // Better on an executor on which it has failed than not at all.
  each((index) => choose(index, () => true));
  return places;
}
