import { GloamError } from "@gloam/common";
import { detach, kill, takeTask } from "./attempts.ts";
import type { TaskResult } from "./barrier/barrier-run.ts";
import { endInBarrier } from "./barrier/barrier-runs.ts";
import { dropOutputs } from "./cleaning.ts";
import { migrate } from "./draining.ts";
import { finishJob } from "./jobs.ts";
import type { JobId, MapOutput, TaskId, TaskOutcome } from "./messages.ts";
import type { JobResults, Stage } from "./stage.ts";
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
  if (wanted) {
    detach(state, task);
    endInBarrier(state, task);
  }
  if (outcome.kind === "mapOutput") finishMapTask(state, task, outcome, accumulators, wanted);
  else if (wanted && stage.output.kind === "result") {
    const { run, output } = stage;
    succeed(state, task);
    const result: TaskResult = { task, value: outcome.value, accumulators };
    if (run === undefined) {
      deliver(state, output.results, result);
      return;
    }
    run.results.set(index, result);
    if (run.results.size < stage.size) return;
    stage.run = undefined;
    for (const each of run.results.values()) deliver(state, output.results, each);
  }
}

function deliver(state: State, results: JobResults, { task, value, accumulators }: TaskResult): void {
  const { stage, index, reads } = task;
  const job = state.jobs.get(results.job);
  results.delivered[index] = true;
  for (const shuffle of reads) results.inputs.add(shuffle);
  results.remaining--;
  if (!results.before.has(index)) {
    accumulate(state, task, accumulators);
    emitResult(state, stage, results.job, index, value);
  }
  if (results.remaining > 0) return;
  completeStage(state, stage);
  if (job !== undefined) finishJob(state, job);
}

function emitResult(state: State, { pieces }: Stage, job: JobId, index: number, value: unknown): void {
  const { piece, of, index: at = index } = pieces?.[index] ?? {};
  if (piece === undefined || of === undefined) state.emit({ type: "partitionResult", job, index: at, value });
  else state.emit({ type: "partitionResult", job, index: at, piece: { piece, of }, value });
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
  const { run } = task;
  if (run === undefined) accumulate(state, task, accumulators);
  else run.added.push({ task, accumulators });
  if (executor.draining) migrate(state, executor, [{ shuffle: outputs.shuffle, output }], []);
  if (!outputs.complete) return;
  for (const each of run?.added ?? []) accumulate(state, each.task, each.accumulators);
  completeStage(state, stage);
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
