import { GloamError } from "@gloam/common";
import { dropBlocks, dropOutputs } from "./cleaning.ts";
import { migrate } from "./draining.ts";
import { failStage, finishJob } from "./jobs.ts";
import type { MapOutput, TaskFailure, TaskId, TaskOutcome } from "./messages.ts";
import { completeStage, detach, interrupt, kill, loseOutput, requeue } from "./stages.ts";
import type { State } from "./state.ts";
import type { Task } from "./task.ts";

/** A task ended well. Only the first attempt of its partition counts. */
export function finishTask(state: State, id: TaskId, outcome: TaskOutcome): void {
  const { stage } = state.tasks.get(id) ?? {};
  if (stage !== undefined && (stage.output.kind === "result") !== (outcome.kind === "result")) {
    throw new GloamError("GLOAM_INTERNAL", `task ${id} of a ${stage.output.kind} stage reports a ${outcome.kind}`);
  }
  const task = takeTask(state, id);
  if (task === undefined || stage === undefined) return;
  const { index } = task;
  const wanted = !task.killed;
  if (wanted) detach(state, task);
  if (outcome.kind === "mapOutput") finishMapTask(state, task, outcome, wanted);
  else if (wanted && stage.output.kind === "result") {
    const { results } = stage.output;
    const job = state.jobs.get(results.job);
    results.delivered[index] = true;
    for (const shuffle of task.reads) results.inputs.add(shuffle);
    results.remaining--;
    succeed(state, task);
    state.emit({ type: "partitionResult", job: results.job, index, value: outcome.value });
    if (results.remaining === 0) {
      completeStage(state, stage);
      if (job !== undefined) finishJob(state, job);
    }
  }
}

/** A task ended badly; its slot is free again. */
export function failTask(state: State, id: TaskId, failure: TaskFailure): void {
  const task = takeTask(state, id);
  if (task === undefined) return;
  endBadly(state, task, failure);
}

/** What follows from a failure for stage and job. The task is forgotten already. */
export function endBadly(state: State, task: Task, failure: TaskFailure): void {
  if (task.killed) return;
  const { stage, index } = task;
  detach(state, task);
  stage.attemptFailed++;
  switch (failure.kind) {
    case "exception":
    case "workerLost":
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

/** Counts a failure against the task's limit. */
function countFailure(state: State, task: Task, error: unknown): void {
  const { stage, index, attempt } = task;
  state.exclusion.recordFailure(task, state.time);
  const failures = (stage.failures.get(index) ?? 0) + 1;
  stage.failures.set(index, failures);
  if (failures < state.options.maxTaskFailures) return;
  const { id, node } = stage;
  failStage(state, stage, { kind: "taskFailed", stage: id, node, partition: stage.partition(index), attempt, error });
}

function failFetch(state: State, task: Task, failure: Extract<TaskFailure, { kind: "fetchFailed" }>): void {
  const { shuffle, mapPartition, mapTask, error } = failure;
  const { stage } = task;
  const outputs = state.tracker.get(shuffle);
  const registered = outputs?.at(mapPartition);
  // The task was launched before the loss that it reports was known, or its map task's new attempt: nothing is new.
  if (outputs === undefined || registered === undefined || registered.task > task.id) return;
  const lost = loseOutput(state, outputs, mapPartition, mapTask);
  if (lost !== undefined) dropOutputs(state, shuffle, [lost]);
  if (stage.status !== "active" || task.stageAttempt !== stage.attempt) return;
  if (++stage.fetchFailures < state.options.maxStageAttempts) {
    interrupt(state, stage);
    return;
  }
  const reason = `its inputs could not be fetched in ${stage.fetchFailures} attempts in a row`;
  failStage(state, stage, { kind: "stageAborted", stage: stage.id, reason, error });
}

function finishMapTask(
  state: State,
  task: Task,
  outcome: Extract<TaskOutcome, { kind: "mapOutput" }>,
  wanted: boolean,
): void {
  const { stage, index, executor, id } = task;
  if (stage.output.kind === "result") return;
  const { outputs } = stage.output;
  const { handle, sizes, sketch } = outcome;
  const output: MapOutput = { partition: index, task: id, executor: executor.id, handle, sizes, sketch };
  if (!wanted || !outputs.register(output, task.reads)) {
    dropOutputs(state, outputs.shuffle, [output]);
    return;
  }
  succeed(state, task);
  if (executor.draining) migrate(state, executor, [{ shuffle: outputs.shuffle, output }], []);
  if (outputs.complete) completeStage(state, stage);
}

function succeed(state: State, { stage, index, startedAt }: Task): void {
  stage.attemptFinished++;
  stage.failures.delete(index);
  stage.committers.delete(index);
  stage.pending?.remove(index);
  if (stage.status === "active") state.pools.refresh(stage);
  if (state.options.speculation !== undefined) stage.durations.push(state.time - startedAt);
  for (const other of stage.running.get(index) ?? []) kill(state, other, "another attempt was faster");
}

/** Forgets a task and frees its slot; undefined for one that is forgotten already. */
function takeTask(state: State, id: TaskId): Task | undefined {
  const task = state.tasks.get(id);
  if (task === undefined) return undefined;
  state.tasks.delete(id);
  state.executors.vacate(task);
  state.emptied = true;
  return task;
}
