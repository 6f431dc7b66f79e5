/**
 * Rolling back what cannot be repeated.
 *
 * Outputs of an indeterminate map stage that are computed again may hold other elements, or the same ones for other
 * reducers. If something was computed from the old outputs and the rest of it is computed from new ones, elements are
 * missing and others come twice (Spark: SPARK-23243). So before such a stage computes what it misses, whatever was
 * computed from its earlier outputs goes: running tasks, incomplete map outputs, cached blocks. The stage drops its own
 * remaining outputs too, and a job that has delivered or may have committed such results fails.
 *
 * Complete map outputs of later shuffles agree with each other and stay. They are stale from then on: if one is lost, the
 * others go as well.
 */
import type { ShuffleId } from "@gloam/plan";
import { kill } from "./attempts.ts";
import { dropBlocks, dropOutputs } from "./cleaning.ts";
import { shuffleLevel } from "./determinism.ts";
import { failJob } from "./jobs.ts";
import type { Stage } from "./stage.ts";
import { interrupt } from "./stages.ts";
import type { State } from "./state.ts";
import type { Task } from "./task.ts";

/** Whether a stage that has outputs to compute must not mix them with earlier ones. */
export function mustRollBack(state: State, { output, graph, node }: Stage): boolean {
  if (output.kind === "result") return false;
  const { outputs, orderSensitive } = output;
  // The level is asked for last, because it takes a walk through the job's lineage.
  if (!(outputs.stale && outputs.registered > 0) && !hasReaders(state, outputs.shuffle)) return false;
  return shuffleLevel(graph, node, orderSensitive) === "indeterminate";
}

/** Undoes what was computed from a map stage's earlier outputs, and drops those that are left. */
export function rollBack(state: State, { output }: Stage): void {
  if (output.kind === "result") return;
  const { shuffle } = output.outputs;
  dropOutputs(state, shuffle, output.outputs.clear());
  for (const job of state.jobs.values()) {
    const { resultStage, results } = job;
    if (!results.inputs.has(shuffle) && !mayHaveCommitted(resultStage, shuffle)) continue;
    const reason = `outputs of shuffle ${shuffle} are lost, and computing them again may give other elements than those that went into results already delivered`;
    failJob(state, job, { kind: "indeterminateRollback", stage: resultStage.id, reason });
  }
  for (const task of readingTasks(state, shuffle)) {
    kill(state, task, `it read outputs of shuffle ${shuffle}, which have to be computed anew`);
    if (task.stage.status === "active") interrupt(state, task.stage);
  }
  for (const reader of state.tracker.shuffles.values()) {
    if (!reader.inputs.has(shuffle)) continue;
    if (reader.complete) {
      reader.stale = true;
      continue;
    }
    dropOutputs(state, reader.shuffle, reader.clear());
    const stage = state.mapStages.get(reader.shuffle);
    if (stage?.status === "active") interrupt(state, stage);
  }
  for (const node of state.blocks.computedFrom(shuffle)) dropBlocks(state, state.blocks.removeNode(node));
}

/** Whether anything is left that was computed from outputs of a shuffle, other than what is marked stale already. */
function hasReaders(state: State, shuffle: ShuffleId): boolean {
  for (const reader of state.tracker.shuffles.values()) {
    if (!reader.stale && reader.registered > 0 && reader.inputs.has(shuffle)) return true;
  }
  for (const { inputs } of state.blocks.nodes.values()) if (inputs.has(shuffle)) return true;
  for (const { results } of state.jobs.values()) if (results.inputs.has(shuffle)) return true;
  return !readingTasks(state, shuffle).next().done;
}

function* readingTasks(state: State, shuffle: ShuffleId): Generator<Task> {
  for (const task of state.tasks.values()) if (!task.killed && task.reads.includes(shuffle)) yield task;
}

function mayHaveCommitted(stage: Stage, shuffle: ShuffleId): boolean {
  for (const [index, holder] of stage.committers) {
    const task = stage.running.get(index)?.find(({ id }) => id === holder);
    if (task?.reads.includes(shuffle) === true) return true;
  }
  return false;
}
