import type { TaskId } from "./messages.ts";
import type { State } from "./state.ts";
import type { Task } from "./task.ts";

/**
 * Answers a task that asks whether it may commit its output: exactly one attempt of a partition may, until it fails. Those of a
 * barrier may when all of them ask.
 * A forgotten task gets no answer: it has reported its end, or its executor is lost.
 */
export function answerCommit(state: State, id: TaskId): void {
  const task = state.tasks.get(id);
  if (task === undefined) return;
  const { stage, index, executor, run } = task;
  if (run !== undefined && !task.killed) {
    // All or none: when the last asks, every one has done its work.
    if (run.committing.includes(task)) return;
    run.committing.push(task);
    if (run.committing.length === run.size) for (const asking of run.committing) grant(state, asking);
    return;
  }
  const holder = stage.committers.get(index);
  const granted = !task.killed && !stage.isDone(index) && (holder === undefined || holder === id);
  if (granted) stage.committers.set(index, id);
  state.emit({ type: granted ? "grantCommit" : "denyCommit", task: id, executor: executor.id });
}

function grant(state: State, { id, stage, index, executor }: Task): void {
  stage.committers.set(index, id);
  state.emit({ type: "grantCommit", task: id, executor: executor.id });
}
