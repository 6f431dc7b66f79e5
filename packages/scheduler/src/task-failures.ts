import { detach, takeTask } from "./attempts.ts";
import { leaveBarrier } from "./barrier/barrier-blocks.ts";
import { dropBlocks, dropOutputs } from "./cleaning.ts";
import type { Executor } from "./executors.ts";
import { failStage } from "./jobs.ts";
import type { ShuffleOutputs } from "./map-output-tracker.ts";
import type { MapOutput, TaskFailure, TaskId } from "./messages.ts";
import { interrupt, loseOutput, requeue } from "./stages.ts";
import type { State } from "./state.ts";
import type { Task } from "./task.ts";

/** A task ended badly; its slot is free again. */
export function failTask(state: State, id: TaskId, failure: TaskFailure): void {
  const task = takeTask(state, id);
  if (task === undefined) return;
  if (task.killed) return;
  detach(state, task);
  conclude(state, task, failure);
}

/** The tasks of a lost executor failed, which counts if one of them was at fault. */
export function failLostTasks(state: State, { running }: Executor, taskFault: boolean, error: unknown): void {
  const wanted = [...running.values()].filter(({ killed }) => !killed);
  for (const task of running.values()) {
    state.tasks.delete(task.id);
    leaveBarrier(state, task);
  }
  for (const task of wanted) detach(state, task);
  const failure = taskFault ? ({ kind: "workerLost", error } as const) : ({ kind: "killed" } as const);
  for (const task of wanted) conclude(state, task, failure);
}

/** What follows from a failure for stage and job. The task is forgotten already. */
function conclude(state: State, task: Task, failure: TaskFailure): void {
  const { stage, index } = task;
  if (stage.discarded) return;
  stage.attemptFailed++;
  switch (failure.kind) {
    case "exception":
    case "workerLost":
    case "resultLost":
      countFailure(state, task, failure.error);
      break;
    case "fetchFailed":
      failFetch(state, task, failure);
      break;
    case "cachedBlockMissing":
      // Which copy was missing is not known; a copy that is still there must not stay behind unknown.
      dropBlocks(state, state.blocks.remove(failure.node, failure.partition));
      break;
    case "commitDenied":
    case "killed":
      break;
  }
  if (!stage.discarded) requeue(state, stage, index);
}

/** Stands for every index of a barrier stage. */
const allTasks = -1;

/** A failure that counts against the task's limit. */
function countFailure(state: State, task: Task, error: unknown): void {
  const { stage, index, attempt } = task;
  state.exclusion.recordFailure(task, state.time);
  // The tasks of a barrier fail together, whichever it was.
  if (task.run !== stage.run) return;
  const counted = stage.isBarrier ? allTasks : index;
  const failures = (stage.failures.get(counted) ?? 0) + 1;
  stage.failures.set(counted, failures);
  if (failures < state.options.maxTaskFailures) return;
  const { id, node } = stage;
  failStage(state, stage, { kind: "taskFailed", stage: id, node, partition: stage.partition(index), attempt, error });
}

/**
 * Unregisters the output that could not be fetched. A whole attempt of the stage has failed when that is news, and the
 * next one runs when the output is there again.
 */
function failFetch(state: State, task: Task, failure: Extract<TaskFailure, { kind: "fetchFailed" }>): void {
  const { shuffle, mapPartition, mapTask, error } = failure;
  const { stage } = task;
  const outputs = state.tracker.get(shuffle);
  const registered = outputs?.at(mapPartition);
  // The output was lost, or lost and computed again, or has moved, since the task was launched: the machine knows.
  if (outputs === undefined || registered === undefined || registered.task > task.id) return;
  if (registered.task === mapTask && task.id < (registered.movedBefore ?? 0)) return;
  const lost = loseOutput(state, outputs, mapPartition, mapTask);
  if (lost !== undefined) dropOutputs(state, shuffle, [lost]);
  if (stage.status !== "active" || task.stageAttempt !== stage.attempt) return;
  if (++stage.fetchFailures >= state.options.maxStageAttempts) {
    const reason = `its inputs could not be fetched in ${stage.fetchFailures} attempts in a row`;
    failStage(state, stage, { kind: "stageAborted", stage: stage.id, reason, error });
    return;
  }
  // An executor that fails two attempts in a row has lost more than that: one output at a time would use up the attempts.
  if (lost !== undefined && lost.executor === stage.fetchFailedAt) loseAllAt(state, outputs, lost);
  stage.fetchFailedAt = registered.executor;
  interrupt(state, stage);
}

function loseAllAt(state: State, outputs: ShuffleOutputs, { executor }: MapOutput): void {
  const there = outputs.list().filter((output) => output.executor === executor);
  for (const { partition } of there) loseOutput(state, outputs, partition);
  dropOutputs(state, outputs.shuffle, there);
}
