import type { Executor } from "./executors.ts";
import type { SlotId } from "./messages.ts";
import type { PendingTasks } from "./pending-tasks.ts";
import type { Stage } from "./stage.ts";
import type { State } from "./state.ts";
import { threadsPerTask } from "./barrier/stage-demands.ts";

/** A waiting task and the free slot found for it. */
export interface Placement {
  readonly index: number;
  readonly executor: Executor;
  /** The slot that it runs in, and others that stay empty meanwhile. */
  readonly slots: readonly [SlotId, ...SlotId[]];
  readonly speculative: boolean;
}

/** How far from its data a task may run by now. */
type Reach = "executor" | "host" | "anywhere";

/**
 * Finds a waiting task of the stage and a free slot for it, best locality first: the slot that holds its data decoded,
 * the executor that holds it, the host, any. Undefined where no free slot suits any task yet.
 */
export function place(state: State, stage: Stage): Placement | undefined {
  const { pending } = stage;
  if (pending === undefined) return undefined;
  if (stage.isWide) return placeWide(state, stage, pending);
  if (!pending.localized && stage.failedOn.size === 0 && pending.count > 0) {
    // The common case: any task, any slot.
    const index = pending.anywhere();
    const executor = state.executors.emptiest();
    const slot = executor?.free.at(-1);
    if (index === undefined || executor === undefined || slot === undefined) return undefined;
    return { index, executor, slots: [slot], speculative: false };
  }
  const free = state.executors.emptiestFirst();
  return placeWaiting(state, stage, pending, free) ?? placeSlow(state, stage, pending, free);
}

/** Threads for a task that has them to itself: near its data if there is room, without waiting for that. */
function placeWide(state: State, stage: Stage, pending: PendingTasks): Placement | undefined {
  if (pending.count === 0) return undefined;
  for (const executor of state.executors.emptiestFirst()) {
    const threads = executor.freeThreads();
    const each = threadsPerTask(stage, executor);
    if (threads.length < each) continue;
    const accept = (task: number): boolean => !state.exclusion.refuses(stage, task, executor);
    const index = pending.at(executor.id, accept) ?? pending.at(executor.host, accept) ?? pending.anywhere(accept);
    const [slot, ...kept] = threads.slice(-each).flatMap((thread) => executor.slotsOf(thread));
    if (index !== undefined && slot !== undefined)
      return { index, executor, slots: [slot, ...kept], speculative: false };
  }
  return undefined;
}

function placeWaiting(
  state: State,
  stage: Stage,
  pending: PendingTasks,
  free: readonly Executor[],
): Placement | undefined {
  if (pending.count === 0) return undefined;
  if (!pending.localized) return find(state, stage, free, (_, accept) => pending.anywhere(accept));

  const local =
    atSlot(state, stage, pending, free) ??
    find(state, stage, free, (executor, accept) => pending.at(executor.id, accept));
  if (local !== undefined) {
    stage.waitsSince = state.time;
    return local;
  }
  const reach = reachOf(state, stage, pending);
  if (reach !== "executor") {
    const near = find(state, stage, free, (executor, accept) => pending.at(executor.host, accept));
    if (near !== undefined) {
      // The wait for the executor is over and need not be repeated; the wait for the host begins anew.
      if (reach === "host") stage.waitsSince = state.time - state.options.locality.process;
      return near;
    }
  }
  const unconstrained = find(state, stage, free, (_, accept) => pending.unconstrained(accept));
  if (unconstrained !== undefined) return unconstrained;
  return reach === "anywhere" ? find(state, stage, free, (_, accept) => pending.anywhere(accept)) : undefined;
}

/** A second attempt runs on another executor than the first. */
function placeSlow(
  state: State,
  stage: Stage,
  pending: PendingTasks,
  free: readonly Executor[],
): Placement | undefined {
  if (pending.slow.size === 0) return undefined;
  const found = find(state, stage, free, (executor, accept) =>
    pending.slowAnywhere(
      (index) => accept(index) && stage.running.get(index)?.every((task) => task.executor !== executor) === true,
    ),
  );
  return found && { ...found, speculative: true };
}

function atSlot(state: State, stage: Stage, pending: PendingTasks, free: readonly Executor[]): Placement | undefined {
  for (const executor of free) {
    for (const slot of executor.free) {
      const index = pending.atSlot(executor.id, slot, (task) => !state.exclusion.refuses(stage, task, executor));
      if (index !== undefined) return { index, executor, slots: [slot], speculative: false };
    }
  }
  return undefined;
}

function find(
  state: State,
  stage: Stage,
  free: readonly Executor[],
  take: (executor: Executor, accept: (index: number) => boolean) => number | undefined,
): Placement | undefined {
  for (const executor of free) {
    const index = take(executor, (task) => !state.exclusion.refuses(stage, task, executor));
    const slot = executor.free.at(-1);
    if (index !== undefined && slot !== undefined) return { index, executor, slots: [slot], speculative: false };
  }
  return undefined;
}

/** A level whose executors or hosts are all gone is not waited for, and with a single executor there is no wait. */
function reachOf(state: State, stage: Stage, pending: PendingTasks): Reach {
  if (state.executors.usableUpTo(2) < 2) return "anywhere";
  const { process, node } = state.options.locality;
  const kinds = new Set<"executor" | "host">();
  for (const location of pending.locations()) {
    const kind = state.executors.kindOf(location);
    if (kind !== undefined && !kinds.has(kind) && pending.at(location) !== undefined) kinds.add(kind);
  }
  let due = stage.waitsSince;
  if (kinds.has("executor")) {
    due += process;
    if (state.time < due) return waitUntil(state, due, "executor");
  }
  if (kinds.has("host")) {
    due += node;
    if (state.time < due) return waitUntil(state, due, "host");
  }
  return "anywhere";
}

function waitUntil(state: State, due: number, reach: Reach): Reach {
  state.localityDue = Math.min(state.localityDue, due);
  return reach;
}
