import { releaseKept } from "./cleaning.ts";
import { GraphIndex } from "./graph-index.ts";
import type { JobGraph } from "./graph.ts";
import type { Job } from "./job.ts";
import type { JobFailure, JobId, JobProperties, StageId } from "./messages.ts";
import { noteMissingReplicas } from "./replication.ts";
import { StageShape } from "./stage-shape.ts";
import { Stage, type JobResults } from "./stage.ts";
import { discard, linkJobs, submit } from "./stages.ts";
import type { State } from "./state.ts";

/** Takes a job in. A second submission under a live id is a repeated message. */
export function submitJob(state: State, id: JobId, jobGraph: JobGraph, properties: JobProperties): void {
  if (state.jobs.has(id)) return;
  const { final, partitions } = jobGraph;
  const graph = new GraphIndex(jobGraph);
  graph.node(final);
  const delivered = Array.from<boolean>({ length: partitions.length }).fill(false);
  const results: JobResults = {
    job: id,
    partitions,
    delivered,
    before: new Set(),
    inputs: new Set(),
    remaining: partitions.length,
  };
  const shape = new StageShape(graph, final);
  const resultStage = new Stage(state.nextStage++, { kind: "result", results }, final, graph, shape, partitions.length);
  const job: Job = {
    id,
    order: state.jobsSubmitted++,
    graph,
    properties,
    resultStage,
    results,
    stages: new Set(),
    keptShuffles: new Set(),
    keptNodes: new Set(),
  };
  state.jobs.set(id, job);
  linkJobs(state, resultStage, [job]);
  if (results.remaining === 0) finishJob(state, job);
  else submit(state, resultStage);
}

/** All results are there. */
export function finishJob(state: State, job: Job): void {
  noteMissingReplicas(state);
  end(state, job, "its job has finished");
  state.emit({ type: "jobFinished", job: job.id });
}

/** Ends a job without its remaining results; nothing happens if it has ended already. */
export function failJob(state: State, job: Job, failure: JobFailure): void {
  if (state.jobs.get(job.id) !== job) return;
  end(state, job, failure.kind === "cancelled" ? failure.reason : "its job has failed");
  state.emit({ type: "jobFailed", job: job.id, failure });
}

/** Ends every job that needs the stage. */
export function failStage(state: State, stage: Stage, failure: JobFailure): void {
  for (const job of stage.jobs) failJob(state, job, failure);
}

/** Cancels every job that needs a stage; a stage that no job needs any more is forgotten already. */
export function cancelStage(state: State, id: StageId, reason: string): void {
  for (const job of [...state.jobs.values()]) {
    if ([...job.stages].some((stage) => stage.id === id)) failJob(state, job, { kind: "cancelled", reason });
  }
}

function end(state: State, job: Job, reason: string): void {
  state.jobs.delete(job.id);
  for (const stage of job.stages) {
    stage.jobs.delete(job);
    if (stage.jobs.size === 0) discard(state, stage, reason);
    else if (stage.status === "active") {
      // Priority and pool came from the earliest job.
      state.pools.leave(stage);
      state.pools.join(stage);
    }
  }
  releaseKept(state, job);
}
