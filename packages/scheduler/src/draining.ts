import type { Executor } from "./executors.ts";
import type { CachedBlock, ExecutorId, MapOutput } from "./messages.ts";
import type { State } from "./state.ts";

/** An executor gets no more tasks; its blocks move to others, and then it may go. */
export function drain(state: State, id: ExecutorId): void {
  const executor = state.executors.get(id);
  if (executor === undefined || executor.draining) return;
  state.executors.drain(executor);
  state.emptied = true;
  const outputs = [...state.tracker.onExecutor(id)].map((found) => ({
    shuffle: found.outputs.shuffle,
    output: found.output,
  }));
  migrate(state, executor, outputs, state.blocks.onExecutor(id));
}

/** Has the backend move blocks away from an executor. */
export function migrate(
  state: State,
  executor: Executor,
  outputs: readonly { readonly shuffle: number; readonly output: MapOutput }[],
  cached: readonly CachedBlock[],
): void {
  if (outputs.length + cached.length === 0) return;
  state.emit({ type: "migrateBlocks", executor: executor.id, outputs, cached });
}

/** Lets draining executors go that run nothing and hold nothing. */
export function releaseEmpty(state: State): void {
  if (!state.emptied) return;
  state.emptied = false;
  for (const executor of state.executors.draining) {
    const { id, released, running } = executor;
    if (released || running.size > 0) continue;
    if (state.tracker.onExecutor(id).next().done !== true || state.blocks.onExecutor(id).length > 0) continue;
    executor.released = true;
    state.emit({ type: "releaseExecutor", executor: id });
  }
}
