import { roomFor } from "./barrier/launch-barrier.ts";
import { demandReason, slotsReason, tasksAtOnce } from "./barrier/stage-demands.ts";
import { failStage } from "./jobs.ts";
import type { RefusalCode } from "./messages.ts";
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

/** Fails stages that ask for more than a slot for each task and have waited too long for executors in which they have room. */
export function checkRoom(state: State): void {
  const { barrierWait } = state.options;
  state.roomDue = Infinity;
  for (const stage of state.activeStages) {
    if (!stage.isBarrier && !stage.isWide) continue;
    const lack = stage.pending?.empty === false ? lackOfRoom(state, stage) : undefined;
    if (lack === undefined) {
      stage.lacksRoomSince = undefined;
      continue;
    }
    const due = (stage.lacksRoomSince ??= state.time) + barrierWait;
    if (state.time < due) {
      state.roomDue = Math.min(state.roomDue, due);
      continue;
    }
    const reason = `${lack.reason}; so it was for ${barrierWait} ms`;
    failStage(state, stage, { kind: "refused", code: lack.code, stage: stage.id, node: stage.node, reason });
  }
}

/** Why a stage would have no room if nothing else ran; undefined where it would. */
function lackOfRoom(state: State, stage: Stage): { readonly code: RefusalCode; readonly reason: string } | undefined {
  const room = roomFor(state, stage);
  if (stage.isBarrier) {
    return room >= stage.size ? undefined : { code: "GLOAM_BARRIER_SLOTS", reason: slotsReason(stage, room) };
  }
  // Where there is no executor at all, others than these wait as well.
  if (room > 0 || state.executors.usableUpTo(1) === 0) return undefined;
  return { code: "GLOAM_RESOURCES_UNAVAILABLE", reason: `${demandReason(stage)}, and no executor has as much` };
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
