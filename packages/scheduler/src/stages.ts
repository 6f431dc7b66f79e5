import { killRunning } from "./attempts.ts";
import { abandonRun } from "./barrier/barrier-runs.ts";
import type { GraphIndex } from "./graph-index.ts";
import type { Job } from "./job.ts";
import type { ShuffleOutputs } from "./map-output-tracker.ts";
import type { MapOutput, TaskId } from "./messages.ts";
import { PendingTasks } from "./pending-tasks.ts";
import { StageShape, type PartitionLocations, type ShuffleEdge } from "./stage-shape.ts";
import { Stage, type StageOutput } from "./stage.ts";
import type { State } from "./state.ts";

const nowhere: PartitionLocations = [];

/** The live stage that computes a shuffle's map outputs, made where there is none. */
export function mapStage(state: State, edge: ShuffleEdge, graph: GraphIndex): Stage {
  const known = state.mapStages.get(edge.shuffle);
  if (known !== undefined) return known;
  const shape = new StageShape(graph, edge.parent);
  const size = graph.node(edge.parent).partitions;
  const outputs = state.tracker.open(edge.shuffle, size);
  const output: StageOutput = {
    kind: "shuffleMap",
    outputs,
    orderSensitive: edge.orderSensitive === true,
  };
  const stage = new Stage(state.nextStage++, output, edge.parent, graph, shape, outputs.size);
  state.mapStages.set(edge.shuffle, stage);
  return stage;
}

/** Notes that jobs need a stage, and with it every stage it waits for. */
export function linkJobs(state: State, stage: Stage, jobs: Iterable<Job>): void {
  const wanted = [...jobs];
  const stack = [stage];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const current = next;
    const added = wanted.filter((job) => !current.jobs.has(job));
    if (added.length === 0) continue;
    const active = current.status === "active";
    if (active) state.pools.leave(current);
    for (const job of added) {
      current.jobs.add(job);
      job.stages.add(current);
    }
    if (active) state.pools.join(current);
    stack.push(...current.waitingFor);
  }
}

/** Has `settle` look at the stage. */
export function submit(state: State, stage: Stage): void {
  state.submissions.push(stage);
}

/** Begins an attempt: every task that is neither done nor running waits for a slot. */
export function activate(state: State, stage: Stage): void {
  stage.status = "active";
  stage.attempt++;
  const missing = stage.missing();
  stage.attemptTasks = missing.length + stage.running.size;
  stage.attemptFinished = 0;
  stage.attemptFailed = 0;
  stage.waitsSince = state.time;
  stage.pending = new PendingTasks(stage.size);
  const localized = stage.shape.hasLocations();
  for (const index of missing) addPending(state, stage, index, localized);
  state.activeStages.add(stage);
  state.pools.join(stage);
  state.emit({
    type: "stageStarted",
    stage: stage.id,
    kind: stage.kind,
    node: stage.node,
    attempt: stage.attempt,
    tasks: stage.attemptTasks,
    jobs: [...stage.jobs].map(({ id }) => id),
  });
}

/** Ends an attempt, if one is going on. Tasks that run go on running, but not those of a barrier. */
function deactivate(state: State, stage: Stage, succeeded: boolean): void {
  if (stage.status !== "active") return;
  if (!succeeded) abandonRun(state, stage);
  reportProgress(state, stage);
  state.pools.leave(stage);
  state.activeStages.delete(stage);
  stage.status = "idle";
  stage.pending = undefined;
  state.emit({ type: "stageFinished", stage: stage.id, attempt: stage.attempt, succeeded });
}

/** Ends an attempt whose inputs are gone and begins another when they are back. */
export function interrupt(state: State, stage: Stage): void {
  deactivate(state, stage, false);
  submit(state, stage);
}

/** Sets a stage to waiting for others. */
export function waitFor(stage: Stage, parents: readonly Stage[]): void {
  stage.status = "waiting";
  for (const parent of parents) {
    stage.waitingFor.add(parent);
    parent.waiters.add(stage);
  }
}

/** Ends the waiting, if any. */
export function stopWaiting(stage: Stage): void {
  for (const parent of stage.waitingFor) parent.waiters.delete(stage);
  stage.waitingFor.clear();
  if (stage.status === "waiting") stage.status = "idle";
}

/** The last missing output is there. */
export function completeStage(state: State, stage: Stage): void {
  stage.run = undefined;
  killRunning(state, stage, "its stage is complete");
  if (stage.status === "active") deactivate(state, stage, true);
  else {
    // Running tasks completed it while it waited to launch more.
    stopWaiting(stage);
    state.emit({ type: "stageFinished", stage: stage.id, attempt: stage.attempt, succeeded: true });
  }
  stage.fetchFailures = 0;
  stage.fetchFailedAt = undefined;
  for (const waiter of stage.waiters) {
    waiter.waitingFor.delete(stage);
    if (waiter.waitingFor.size === 0) submit(state, waiter);
  }
  stage.waiters.clear();
}

/** No job needs the stage any more. */
export function discard(state: State, stage: Stage, reason: string): void {
  killRunning(state, stage, reason);
  stopWaiting(stage);
  deactivate(state, stage, false);
  stage.discarded = true;
  stage.waiters.clear();
  if (stage.output.kind === "result") return;
  const { outputs } = stage.output;
  state.mapStages.delete(outputs.shuffle);
  // An entry that says nothing is not kept until its shuffle is released: that may have happened already.
  if (!outputs.complete && outputs.registered === 0) state.tracker.forget(outputs.shuffle);
}

/** Has a task that is neither done nor running launched again; of a barrier, all tasks. */
export function requeue(state: State, stage: Stage, index: number): void {
  if (stage.status !== "active" || stage.isDone(index) || stage.running.has(index)) return;
  if (stage.isBarrier) {
    if (stage.pending?.has(index) !== true) interrupt(state, stage);
    return;
  }
  addPending(state, stage, index, stage.shape.hasLocations());
  state.pools.refresh(stage);
}

/** Unregisters an output, only that of `task` if it is given; what was registered. */
export function loseOutput(
  state: State,
  outputs: ShuffleOutputs,
  partition: number,
  task?: TaskId,
): MapOutput | undefined {
  const lost = outputs.remove(partition, task);
  if (lost === undefined) return undefined;
  const stage = state.mapStages.get(outputs.shuffle);
  if (stage?.status === "active") {
    stage.attemptTasks++;
    requeue(state, stage, partition);
  }
  return lost;
}

/** Tells how far an active stage is. */
export function reportProgress(state: State, stage: Stage): void {
  if (!state.progressed.delete(stage) || stage.status !== "active") return;
  state.emit({
    type: "stageProgress",
    stage: stage.id,
    finished: stage.attemptFinished,
    running: stage.runningCount,
    failed: stage.attemptFailed,
    tasks: stage.attemptTasks,
  });
}

function addPending(state: State, stage: Stage, index: number, localized: boolean): void {
  const locations = localized ? stage.shape.locations(stage.partition(index), state.blocks) : nowhere;
  stage.pending?.add(index, locations, (executor) => state.executors.get(executor)?.host);
}
