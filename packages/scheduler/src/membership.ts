import type { ExecutorId, SlotId, TaskId } from "./messages.ts";
import { replicate } from "./replication.ts";
import { loseOutput } from "./stages.ts";
import type { State } from "./state.ts";
import { failLostTasks, failTask } from "./task-failures.ts";

/** An executor is gone, and with it its tasks, outputs and blocks. Its tasks' failures count if one of them did it. */
export function loseExecutor(state: State, id: ExecutorId, taskFault: boolean, error: unknown): void {
  const executor = state.executors.get(id);
  if (executor === undefined) return;
  state.executors.remove(executor);
  for (const { outputs, output } of state.tracker.onExecutor(id)) loseOutput(state, outputs, output.partition);
  for (const { node, partition } of state.blocks.onExecutor(id)) {
    state.blocks.remove(node, partition, id);
    replicate(state, node, partition);
  }
  failLostTasks(state, executor, taskFault, error);
  state.exclusion.forget(id);
}

/** A slot's thread is gone: the task that ran there has failed, and what it held decoded is gone. */
export function loseWorker(state: State, id: ExecutorId, slot: SlotId, task: TaskId | undefined, error: unknown): void {
  const executor = state.executors.get(id);
  if (executor === undefined) return;
  state.blocks.forgetSlot(id, slot);
  const running = executor.running.get(slot);
  if (running === undefined || (task !== undefined && running.id !== task)) return;
  failTask(state, running.id, { kind: "workerLost", error });
}
