import { GloamError } from "@gloam/common";
import { detach, kill, takeTask } from "./attempts.ts";
import { dropOutputs } from "./cleaning.ts";
import { migrate } from "./draining.ts";
import { finishJob } from "./jobs.ts";
import type { MapOutput, TaskId, TaskOutcome } from "./messages.ts";
import { completeStage } from "./stages.ts";
import type { State } from "./state.ts";
import type { Task } from "./task.ts";

/** A task ended well. Only the first attempt of its partition counts. */
export function finishTask(state: State, id: TaskId, outcome: TaskOutcome, accumulators?: unknown): void {
  const { stage } = state.tasks.get(id) ?? {};
  if (stage !== undefined && (stage.output.kind === "result") !== (outcome.kind === "result")) {
    throw new GloamError("GLOAM_INTERNAL", `task ${id} of a ${stage.output.kind} stage reports a ${outcome.kind}`);
  }
  const task = takeTask(state, id);
  if (task === undefined || stage === undefined) return;
  const { index } = task;
  const wanted = !task.killed;
  if (wanted) detach(state, task);
  if (outcome.kind === "mapOutput") finishMapTask(state, task, outcome, accumulators, wanted);
  else if (wanted && stage.output.kind === "result") {
    const { results } = stage.output;
    const job = state.jobs.get(results.job);
    results.delivered[index] = true;
    for (const shuffle of task.reads) results.inputs.add(shuffle);
    results.remaining--;
    succeed(state, task);
    accumulate(state, task, accumulators);
    state.emit({ type: "partitionResult", job: results.job, index, value: outcome.value });
    if (results.remaining === 0) {
      completeStage(state, stage);
      if (job !== undefined) finishJob(state, job);
    }
  }
}

function finishMapTask(
  state: State,
  task: Task,
  outcome: Extract<TaskOutcome, { kind: "mapOutput" }>,
  accumulators: unknown,
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
  accumulate(state, task, accumulators);
  if (executor.draining) migrate(state, executor, [{ shuffle: outputs.shuffle, output }], []);
  if (outputs.complete) completeStage(state, stage);
}

function accumulate(state: State, { stage, index, id }: Task, accumulators: unknown): void {
  if (accumulators === undefined) return;
  state.emit({ type: "accumulated", stage: stage.id, kind: stage.kind, index, task: id, accumulators });
}

function succeed(state: State, { stage, index, startedAt }: Task): void {
  stage.attemptFinished++;
  stage.failures.delete(index);
  stage.committers.delete(index);
  stage.pending?.remove(index);
  if (stage.pending?.empty === true) state.pools.refresh(stage);
  if (state.options.speculation !== undefined) stage.durations.push(state.time - startedAt);
  const losers = stage.running.get(index);
  if (losers !== undefined) for (const loser of [...losers]) kill(state, loser, "another attempt was faster");
}
