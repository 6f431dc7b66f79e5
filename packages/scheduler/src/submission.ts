import { meetDemands, needsOf } from "./barrier/stage-demands.ts";
import { mustRollBack, rollBack } from "./rollback.ts";
import { splitSkewed } from "./skew.ts";
import type { ShuffleEdge } from "./stage-shape.ts";
import type { Stage } from "./stage.ts";
import { activate, linkJobs, mapStage, stopWaiting, submit, waitFor } from "./stages.ts";
import type { State } from "./state.ts";

/** Looks at every submitted stage: it becomes active, or waits for the stages whose outputs it misses. */
export function settle(state: State): void {
  for (let stage = state.submissions.pop(); stage !== undefined; stage = state.submissions.pop()) {
    if (stage.discarded || stage.complete || stage.status === "active") continue;
    if (mustRollBack(state, stage)) rollBack(state, stage);
    if (stage.discarded) continue;
    stopWaiting(stage);
    if (!meetDemands(state, stage)) continue;
    const parents = missingParents(state, stage);
    if (parents.length === 0) {
      splitSkewed(state, stage);
      activate(state, stage);
      continue;
    }
    waitFor(stage, parents);
    for (const parent of parents) if (parent.status === "idle") submit(state, parent);
  }
}

/** Whether every output of a shuffle is registered. */
export function isAvailable(state: State, shuffle: number): boolean {
  return state.tracker.get(shuffle)?.complete === true;
}

/** Stages whose outputs a stage's missing tasks read and that are not all registered; its jobs need them from now on. */
function missingParents(state: State, stage: Stage): Stage[] {
  const edges = new Map<number, ShuffleEdge>();
  const missing = stage.missing();
  if (missing.length === 0) return [];
  const uniform = stage.shape.uniformNeeds();
  if (uniform !== undefined) addMissing(state, uniform.edges, edges);
  else {
    for (const index of missing) {
      addMissing(state, needsOf(state, stage, index).edges, edges);
    }
  }
  const parents = [...edges.values()].map((edge) => mapStage(state, edge, stage.graph));
  for (const parent of parents) linkJobs(state, parent, stage.jobs);
  // A shuffle without map partitions is complete from the beginning.
  return parents.filter((parent) => !parent.complete);
}

function addMissing(state: State, edges: readonly ShuffleEdge[], missing: Map<number, ShuffleEdge>): void {
  for (const edge of edges) if (!isAvailable(state, edge.shuffle)) missing.set(edge.shuffle, edge);
}
