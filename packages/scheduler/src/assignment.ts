import { launchBarrier, wouldFit } from "./barrier/launch-barrier.ts";
import { reachesBarrier, tasksAtOnce } from "./barrier/stage-demands.ts";
import { launch } from "./launching.ts";
import { place } from "./locality.ts";
import type { Stage } from "./stage.ts";
import { interrupt } from "./stages.ts";
import type { State } from "./state.ts";
import { isAvailable } from "./submission.ts";

/** Launches waiting tasks on free slots until no slot is free or no task wants one. */
export function assign(state: State): void {
  state.localityDue = Infinity;
  state.keptFor = undefined;
  state.pools.startRound();
  while (state.executors.available.size > 0) {
    const stage = state.pools.next();
    if (stage === undefined) return;
    if (stage.isBarrier) {
      if (launchBarrier(state, stage)) continue;
      // Whoever comes later waits too, or there would never be room for all tasks at once.
      if (keepsRoom(state, stage)) return;
      state.pools.pass(stage);
      continue;
    }
    const placement = place(state, stage);
    if (placement === undefined) {
      if (stage.isWide && keepsRoom(state, stage)) return;
      state.pools.pass(stage);
      continue;
    }
    const needs = stage.shape.needs(stage.partition(placement.index), state.blocks);
    // Outputs or blocks may have been lost since the stage became active: a task that can only fail is not launched.
    if (
      needs.shuffles.every((shuffle) => isAvailable(state, shuffle)) &&
      !reachesBarrier(state, stage, placement.index)
    )
      launch(state, stage, placement, needs);
    else interrupt(state, stage);
  }
}

/** Whether free slots are kept until a stage that asks for several at once has room. */
function keepsRoom(state: State, stage: Stage): boolean {
  const canWait = stage.isBarrier
    ? wouldFit(state, stage)
    : stage.runningCount === 0 &&
      [...state.executors.byId.values()].some((executor) => executor.usable && tasksAtOnce(stage, executor) > 0);
  if (canWait) state.keptFor = stage;
  return canWait;
}
