import type { ShuffleId } from "@gloam/plan";
import type { TaskLaunch } from "./messages.ts";
import type { PartitionNeeds } from "./stage-shape.ts";
import { place, type Placement } from "./locality.ts";
import type { Stage } from "./stage.ts";
import { interrupt } from "./stages.ts";
import { attach } from "./attempts.ts";
import type { State } from "./state.ts";
import { isAvailable } from "./submission.ts";
import type { Task } from "./task.ts";

/** Launches waiting tasks on free slots until no slot is free or no task wants one. */
export function assign(state: State): void {
  state.localityDue = Infinity;
  state.pools.startRound();
  while (state.executors.available.size > 0) {
    const stage = state.pools.next();
    if (stage === undefined) return;
    const placement = place(state, stage);
    if (placement === undefined) {
      state.pools.pass(stage);
      continue;
    }
    const needs = stage.shape.needs(stage.partition(placement.index), state.blocks);
    // Outputs or blocks may have been lost since the stage became active: a task that can only fail is not launched.
    if (needs.shuffles.every((shuffle) => isAvailable(state, shuffle))) start(state, stage, placement, needs);
    else interrupt(state, stage);
  }
}

/** Gives a task its slot. Its executor is told at the end of the event, if the task is still wanted then. */
function start(state: State, stage: Stage, placement: Placement, needs: PartitionNeeds): void {
  const { index, executor, slot, speculative } = placement;
  const attempt = stage.launched[index] ?? 0;
  stage.launched[index] = attempt + 1;
  const task: Task = {
    id: state.nextTask++,
    stage,
    index,
    attempt,
    stageAttempt: stage.attempt,
    executor,
    slot,
    reads: readsOf(state, needs),
    speculative,
    startedAt: state.time,
    killed: false,
    told: false,
  };
  state.tasks.set(task.id, task);
  state.executors.occupy(task);
  attach(state, task);
  stage.pending?.remove(index);
  if (stage.pending?.empty !== false) state.pools.refresh(stage);
  const launch: TaskLaunch = {
    task: task.id,
    stage: stage.id,
    stageKind: stage.kind,
    node: stage.node,
    partition: stage.partition(index),
    attempt,
    executor: executor.id,
    slot,
    shuffles: needs.shuffles,
    cached: needs.cached,
  };
  state.launching.push({ task, launch });
}

function readsOf(state: State, { shuffles, cached }: PartitionNeeds): readonly ShuffleId[] {
  if (cached.length === 0) return shuffles;
  const reads = new Set(shuffles);
  for (const { node } of cached) for (const shuffle of state.blocks.inputs(node)) reads.add(shuffle);
  return [...reads];
}

/** Tells executors what they have to run. */
export function tellLaunches(state: State): void {
  const { launching } = state;
  for (const { task, launch } of launching) {
    if (task.killed) continue;
    task.told = true;
    state.emit({ type: "launchTask", launch });
  }
  launching.length = 0;
}
