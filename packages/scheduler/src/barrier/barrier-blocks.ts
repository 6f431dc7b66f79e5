import type { ExecutorId } from "../messages.ts";
import type { State } from "../state.ts";
import type { BarrierRunId } from "./barrier-run.ts";
import type { Task } from "../task.ts";
import type { BarrierBlock } from "./barrier-sync.ts";

/** The task holds no slot any more; with the last of its attempt go the blocks that they gave each other. */
export function leaveBarrier(state: State, task: Task): void {
  const { run } = task;
  if (run === undefined || !run.living.delete(task.id) || run.living.size > 0) return;
  state.barrierRuns.delete(run);
  dropBarrierBlocks(state, [...run.garbage, ...run.sync.close()]);
}

/** Whether an attempt of a barrier may yet cache blocks. */
export function isUnderWay({ barrierRuns }: State, id: BarrierRunId | undefined): boolean {
  if (id === undefined) return false;
  for (const run of barrierRuns) if (run.id === id) return !run.abandoned;
  return false;
}

/** Has executors free blocks that tasks of a barrier gave each other. */
export function dropBarrierBlocks(state: State, blocks: readonly BarrierBlock[]): void {
  const byExecutor = new Map<ExecutorId, unknown[]>();
  for (const { executor, handle } of blocks) {
    if (state.executors.get(executor) === undefined) continue;
    byExecutor.set(executor, [...(byExecutor.get(executor) ?? []), handle]);
  }
  for (const [executor, handles] of byExecutor) state.emit({ type: "dropBarrierBlocks", executor, handles });
}
