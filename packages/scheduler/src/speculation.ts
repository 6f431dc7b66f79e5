import type { SpeculationOptions } from "./options.ts";
import type { Stage } from "./stage.ts";
import type { State } from "./state.ts";

/** Looks for slow tasks if a look is due, and says when the next one is. */
export function speculate(state: State): void {
  const { speculation } = state.options;
  if (speculation === undefined) return;
  if (state.activeStages.size === 0) {
    state.speculationDue = undefined;
    return;
  }
  state.speculationDue ??= state.time + speculation.interval;
  if (state.time < state.speculationDue) return;
  state.speculationDue = state.time + speculation.interval;
  for (const stage of state.activeStages) if (!stage.isBarrier && !stage.isWide) lookForSlow(state, stage, speculation);
}

/** A stage of one task has nothing to compare it with. */
function lookForSlow(state: State, stage: Stage, speculation: SpeculationOptions): void {
  const { multiplier, quantile, minimumRuntime } = speculation;
  const { pending, durations } = stage;
  const enough = Math.max(1, Math.floor(quantile * stage.attemptTasks));
  if (pending === undefined || stage.attemptTasks < 2 || stage.attemptFinished < enough) return;
  const slow = Math.max(multiplier * median(durations), minimumRuntime);
  for (const [index, [task, ...copies]] of stage.running) {
    if (task !== undefined && copies.length === 0 && state.time - task.startedAt > slow) pending.addSlow(index);
  }
  state.pools.refresh(stage);
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  const upper = values[middle] ?? Infinity;
  return values.length % 2 === 1 ? upper : ((values[middle - 1] ?? upper) + upper) / 2;
}
