import { leaveBarrier } from "./barrier/barrier-blocks.ts";
import type { TaskId } from "./messages.ts";
import type { Stage } from "./stage.ts";
import type { State } from "./state.ts";
import type { Task } from "./task.ts";

/** Stops a task whose outcome nobody wants. It holds its slot until its executor reports. */
export function kill(state: State, task: Task, reason: string): void {
  detach(state, task);
  task.killed = true;
  if (!task.told) {
    task.stage.launched[task.index] = task.attempt;
    state.tasks.delete(task.id);
    state.executors.vacate(task);
    leaveBarrier(state, task);
    return;
  }
  state.emit({ type: "killTask", task: task.id, executor: task.executor.id, reason });
}

/** Stops every attempt of a stage. */
export function killRunning(state: State, stage: Stage, reason: string): void {
  for (const task of [...stage.running.values()].flat()) kill(state, task, reason);
}

/** A wanted attempt that holds a slot from now on. */
export function attach(state: State, task: Task): void {
  const { stage, index } = task;
  const attempts = stage.running.get(index);
  if (attempts === undefined) stage.running.set(index, [task]);
  else attempts.push(task);
  stage.runningCount++;
  if (stage.status === "active") state.pools.count(stage, 1);
  state.progressed.add(stage);
}

/** The attempt ended or is no longer wanted: it gives its permission to commit back. */
export function detach(state: State, task: Task): void {
  const { stage, index } = task;
  const attempts = stage.running.get(index);
  if (attempts === undefined || attempts.length === 1) stage.running.delete(index);
  else attempts.splice(attempts.indexOf(task), 1);
  stage.runningCount--;
  if (stage.status === "active") state.pools.count(stage, -1);
  if (stage.committers.get(index) === task.id) stage.committers.delete(index);
  state.progressed.add(stage);
}

/** Forgets a task and frees its slot; undefined for one that is forgotten already. */
export function takeTask(state: State, id: TaskId): Task | undefined {
  const task = state.tasks.get(id);
  if (task === undefined) return undefined;
  state.tasks.delete(id);
  state.executors.vacate(task);
  leaveBarrier(state, task);
  state.emptied = true;
  return task;
}
