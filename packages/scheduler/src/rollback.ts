/**
 * Rolling back stages whose output cannot be repeated.
 *
 * If a reducer has read the outputs of an indeterminate map stage and one of them is lost, a new output in its place may
 * hold other elements, or the same ones for other reducers: what old and new reducers produce together would miss
 * elements and hold others twice (Spark: SPARK-23243). So the stage drops all its outputs, and so does everything
 * incomplete that was computed from them: map outputs, cached blocks, running tasks. A job that has delivered or
 * committed results computed from them fails.
 *
 * Complete map outputs of later shuffles agree with each other and stay; they are marked stale, because from then on a
 * lost one cannot be replaced alone either.
 */
import { dropBlocks, dropOutputs } from "./cleaning.ts";
import { shuffleLevel } from "./determinism.ts";
import { failJob } from "./jobs.ts";
import type { ShuffleOutputs } from "./map-output-tracker.ts";
import type { Stage } from "./stage.ts";
import { interrupt, killRunning, submit } from "./stages.ts";
import type { State } from "./state.ts";

const reason = "it read outputs that have to be computed anew";

/** Whether computing what is missing of a map stage takes computing all of it. */
export function mustRollBack({ output, graph, node }: Stage): boolean {
  if (output.kind === "result") return false;
  const { outputs, orderSensitive } = output;
  if (outputs.complete || !(outputs.used || outputs.stale)) return false;
  return shuffleLevel(graph, node, orderSensitive) === "indeterminate";
}

/** Drops all outputs of a shuffle and whatever was partly computed from them. */
export function rollBack(state: State, origin: ShuffleOutputs): void {
  const found = [origin];
  const seen = new Set(found);
  for (let next = 0; next < found.length; next++) {
    const outputs = found[next] as ShuffleOutputs;
    const { shuffle } = outputs;
    dropOutputs(state, shuffle, outputs.clear());
    const stage = state.mapStages.get(shuffle);
    if (stage !== undefined) restart(state, stage);
    for (const node of state.blocks.computedFrom(shuffle)) dropBlocks(state, state.blocks.removeNode(node));
    rollBackResults(state, shuffle);
    for (const reader of state.tracker.shuffles.values()) {
      if (seen.has(reader) || !reader.inputs.includes(shuffle)) continue;
      if (reader.complete) {
        reader.stale = true;
        continue;
      }
      seen.add(reader);
      found.push(reader);
    }
  }
}

function rollBackResults(state: State, shuffle: number): void {
  for (const job of state.jobs.values()) {
    const { resultStage: stage, results } = job;
    if (!stage.shape.inputs().includes(shuffle)) continue;
    if (results.remaining < stage.size || stage.committers.size > 0) {
      failJob(state, job, {
        kind: "indeterminateRollback",
        stage: stage.id,
        reason: `outputs of shuffle ${shuffle} were lost; computing them again may give other elements than those already delivered`,
      });
    } else restart(state, stage);
  }
}

/** Forgets what a stage's running tasks are about to give. */
function restart(state: State, stage: Stage): void {
  killRunning(state, stage, reason);
  if (stage.status === "active") interrupt(state, stage);
  else if (stage.status === "waiting") submit(state, stage);
}
