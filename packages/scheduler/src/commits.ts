import type { TaskId } from "./messages.ts";
import type { State } from "./state.ts";

/**
 * Answers a task that asks whether it may commit its output: exactly one attempt of a partition may, until it fails.
 * A forgotten task gets no answer: it has reported its end, or its executor is lost.
 */
export function answerCommit(state: State, id: TaskId): void {
  const task = state.tasks.get(id);
  if (task === undefined) return;
  const { stage, index, executor } = task;
  const holder = stage.committers.get(index);
  const granted = !task.killed && !stage.isDone(index) && (holder === undefined || holder === id);
  if (granted) stage.committers.set(index, id);
  state.emit({ type: granted ? "grantCommit" : "denyCommit", task: id, executor: executor.id });
}
