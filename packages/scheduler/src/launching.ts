import type { ShuffleId } from "@gloam/plan";
import { attach } from "./attempts.ts";
import type { BarrierRun, BarrierRunId } from "./barrier/barrier-run.ts";
import type { Placement } from "./locality.ts";
import type { TaskLaunch, TaskPeer } from "./messages.ts";
import type { PartitionNeeds } from "./stage-shape.ts";
import type { Stage } from "./stage.ts";
import type { State } from "./state.ts";
import type { Task } from "./task.ts";

/** Gives a task its slot. Its executor is told at the end of the event, if the task is still wanted then. */
export function launch(
  state: State,
  stage: Stage,
  placement: Placement,
  needs: PartitionNeeds,
  barrier?: { readonly run: BarrierRun; readonly peers: readonly TaskPeer[] },
): void {
  const { index, executor, slots, speculative } = placement;
  const [slot, ...kept] = slots;
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
    kept,
    run: barrier?.run,
    origin: barrier?.run.id ?? originOf(state, needs),
    reads: readsOf(state, needs),
    speculative,
    startedAt: state.time,
    killed: false,
    told: false,
  };
  state.tasks.set(task.id, task);
  if (barrier !== undefined) {
    barrier.run.living.set(task.id, task);
    barrier.run.tasks[stage.partition(index)] = task;
  }
  state.executors.occupy(task);
  attach(state, task);
  stage.pending?.remove(index);
  if (stage.pending?.empty !== false) state.pools.refresh(stage);
  const piece = stage.pieces?.[index];
  const launched: TaskLaunch = {
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
    ...(piece !== undefined && { index }),
    ...(piece?.range !== undefined && { piece: piece.piece, range: piece.range }),
    ...(barrier !== undefined && { peers: barrier.peers }),
    ...((stage.isBarrier || stage.isWide) && { alone: true }),
  };
  state.launching.push({ task, launch: launched });
}

function readsOf(state: State, { shuffles, cached }: PartitionNeeds): readonly ShuffleId[] {
  if (cached.length === 0) return shuffles;
  const reads = new Set(shuffles);
  for (const { node } of cached) for (const shuffle of state.blocks.inputs(node)) reads.add(shuffle);
  return [...reads];
}

/** Of cached blocks that one attempt of a barrier gave, which. */
function originOf({ blocks }: State, { cached }: PartitionNeeds): BarrierRunId | undefined {
  for (const { node } of cached) {
    const origin = blocks.origin(node);
    if (origin !== undefined) return origin;
  }
  return undefined;
}

/** Tells executors what they have to run. */
export function tellLaunches(state: State): void {
  const { launching } = state;
  for (const { task, launch: told } of launching) {
    if (task.killed) continue;
    task.told = true;
    state.emit({ type: "launchTask", launch: told });
  }
  launching.length = 0;
}
