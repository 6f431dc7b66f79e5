import { roomFor } from "./barrier/launch-barrier.ts";
import { slotsReason, tasksAtOnce } from "./barrier/stage-demands.ts";
import { failStage } from "./jobs.ts";
import type { Stage } from "./stage.ts";
import type { State } from "./state.ts";

/**
 * Tells the backend how many slots could be used when that is more than it was told last and more than there are, when it
 * is no more than half of that, and when none can be used any more.
 */
export function requestSlots(state: State): void {
  const { activeStages, requestedSlots } = state;
  if (activeStages.size === 0) {
    if (requestedSlots > 0) request(state, 0);
    return;
  }
  let wanted = 0;
  for (const stage of activeStages) wanted += slotsFor(state, stage);
  if (wanted <= requestedSlots) {
    if (requestedSlots > 0 && wanted <= requestedSlots / 2) request(state, wanted);
    return;
  }
  let slots = 0;
  for (const executor of state.executors.byId.values()) if (!executor.draining) slots += executor.slots;
  if (wanted > slots) request(state, wanted);
}

/** Slots that a stage could use: for tasks that have threads to themselves, all slots of as many executors as they fill. */
function slotsFor({ options }: State, stage: Stage): number {
  const tasks = stage.runningCount + (stage.pending?.count ?? 0);
  const { capacity } = options;
  if ((!stage.isBarrier && !stage.isWide) || capacity === undefined) return tasks;
  return Math.ceil(tasks / tasksAtOnce(stage, capacity)) * capacity.threads * capacity.slotsPerThread;
}

/** Fails barrier stages that have waited too long for a cluster in which they have room. */
export function checkRoom(state: State): void {
  state.roomDue = Infinity;
  for (const stage of state.activeStages) {
    if (!stage.isBarrier) continue;
    const room = stage.pending?.empty === false ? roomFor(state, stage) : Infinity;
    if (room >= stage.size) {
      stage.lacksRoomSince = undefined;
      continue;
    }
    const due = (stage.lacksRoomSince ??= state.time) + state.options.barrierWait;
    if (state.time < due) {
      state.roomDue = Math.min(state.roomDue, due);
      continue;
    }
    const reason = `${slotsReason(stage, room)}; so it was for ${state.options.barrierWait} ms`;
    failStage(state, stage, {
      kind: "refused",
      code: "GLOAM_BARRIER_SLOTS",
      stage: stage.id,
      node: stage.node,
      reason,
    });
  }
}

/** Fails jobs whose tasks have waited too long for a first executor, that no executor may run, or that none will be there for. */
export function checkExecutors(state: State): void {
  const { executors, options, activeStages } = state;
  if (activeStages.size === 0 || executors.usableUpTo(1) > 0) {
    state.executorlessSince = undefined;
    return;
  }
  // Those that only keep blocks run no task.
  const working = [...executors.byId.values()].filter(({ slots }) => slots > 0);
  if (working.length > 0 && working.every(({ excluded }) => excluded)) {
    failWaiting(state, "every executor is excluded, because too many tasks failed on each");
    return;
  }
  const { noMoreExecutors } = state;
  if (noMoreExecutors !== undefined && working.every(({ draining }) => draining)) {
    failWaiting(state, noMoreExecutors.reason, noMoreExecutors.error);
    return;
  }
  state.executorlessSince ??= state.time;
  if (options.executorWait === undefined || state.time < state.executorlessSince + options.executorWait) return;
  failWaiting(state, `there was no executor for ${options.executorWait} ms`);
}

function failWaiting(state: State, reason: string, error?: unknown): void {
  for (const stage of state.activeStages) {
    if (stage.pending?.empty === false)
      failStage(state, stage, { kind: "noExecutors", stage: stage.id, reason, error });
  }
}

function request(state: State, slots: number): void {
  state.requestedSlots = slots;
  state.emit({ type: "requestExecutors", slots });
}
