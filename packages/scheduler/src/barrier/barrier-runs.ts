import { killRunning } from "../attempts.ts";
import { dropOutputs } from "../cleaning.ts";
import type { ExecutorId, TaskId } from "../messages.ts";
import type { Stage } from "../stage.ts";
import type { State } from "../state.ts";
import type { Task } from "../task.ts";
import type { BarrierCall } from "@gloam/plan";
import { dropBarrierBlocks } from "./barrier-blocks.ts";
import type { BarrierRun } from "./barrier-run.ts";
import type { BarrierOutcome } from "./barrier-sync.ts";

/** A task of a barrier calls. What comes from an earlier attempt reaches nobody. */
export function callBarrier(state: State, id: TaskId, executor: ExecutorId, call: BarrierCall): void {
  const task = state.tasks.get(id);
  const run = task?.run;
  if (task === undefined || run === undefined || task.killed || run.abandoned) {
    const content = call.kind === "receive" ? undefined : call.content;
    if (content?.kind !== "block") return;
    const block = { executor, handle: content.handle };
    if (run === undefined) dropBarrierBlocks(state, [block]);
    else run.garbage.push(block);
    return;
  }
  follow(state, run, run.sync.enter(rankOf(task), call, executor, state.time));
}

/** A task of a barrier has ended well. */
export function endInBarrier(state: State, task: Task): void {
  if (task.run !== undefined) follow(state, task.run, task.run.sync.ended(rankOf(task)));
}

/** Ends waiting that has gone on for too long. */
export function expireBarriers(state: State): void {
  for (const run of state.barrierRuns) if (!run.abandoned) follow(state, run, run.sync.expire(state.time));
}

/** When the next task of a barrier will have waited too long. */
export function barrierDue(state: State): number {
  let due = Infinity;
  for (const run of state.barrierRuns) if (!run.abandoned) due = Math.min(due, run.sync.due);
  return due;
}

/** Ends the attempt that runs, if any: what its tasks have done counts for nothing. */
export function abandonRun(state: State, stage: Stage): void {
  const { run, output } = stage;
  if (run === undefined) return;
  stage.run = undefined;
  run.abandoned = true;
  killRunning(state, stage, "another task of its barrier has failed");
  if (output.kind === "shuffleMap") dropOutputs(state, output.outputs.shuffle, output.outputs.clear());
}

function follow(state: State, run: BarrierRun, { answers, free }: BarrierOutcome): void {
  for (const { rank, answer } of answers) {
    const task = run.tasks[rank];
    if (task === undefined || task.killed) continue;
    state.emit({ type: "answerBarrier", task: task.id, executor: task.executor.id, answer });
  }
  dropBarrierBlocks(state, free);
}

function rankOf({ stage, index }: Task): number {
  return stage.partition(index);
}
