import type { Executor } from "./executors.ts";
import type { CachedBlock, ExecutorId, MapOutput } from "./messages.ts";
import type { State } from "./state.ts";

/** An executor gets no more tasks; its blocks move to others, and then it may go. */
export function drain(state: State, id: ExecutorId): void {
  const executor = state.executors.get(id);
  if (executor === undefined || executor.draining) return;
  executor.draining = true;
  state.executors.refresh(executor);
  const outputs = [...state.tracker.onExecutor(id)].map((found) => ({
    shuffle: found.outputs.shuffle,
    output: found.output,
  }));
  migrate(state, executor, outputs, state.blocks.onExecutor(id));
  releaseIfEmpty(state, executor);
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

/** Lets a draining executor go once it runs nothing and holds nothing. */
export function releaseIfEmpty(state: State, executor: Executor): void {
  if (!executor.draining || executor.released || executor.running.size > 0) return;
  if (state.executors.get(executor.id) !== executor) return;
  if (state.tracker.onExecutor(executor.id).next().done !== true) return;
  if (state.blocks.onExecutor(executor.id).length > 0) return;
  executor.released = true;
  state.emit({ type: "releaseExecutor", executor: executor.id });
}
