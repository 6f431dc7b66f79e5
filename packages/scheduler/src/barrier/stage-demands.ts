import { killRunning } from "../attempts.ts";
import { dropBlocks, dropOutputs } from "../cleaning.ts";
import type { Executor } from "../executors.ts";
import { failStage } from "../jobs.ts";
import type { RefusalCode } from "../messages.ts";
import type { PartitionNeeds } from "../stage-shape.ts";
import type { Stage } from "../stage.ts";
import type { State } from "../state.ts";
import { isUnderWay } from "./barrier-blocks.ts";

/** What threads an executor has, or will have. */
type Threads = Pick<Executor, "threads" | "memory">;

interface Refusal {
  readonly code: RefusalCode;
  readonly reason: string;
}

/**
 * Looks at what a stage asks for beside a slot for each task, before it waits for others or runs. Ends its jobs where that can
 * never be had, and makes a barrier stage begin from the beginning; whether the stage may go on.
 */
export function meetDemands(state: State, stage: Stage): boolean {
  const { hasBarrier, fault, cpus, memory, kept } = stage.shape.demands();
  stage.isBarrier = hasBarrier && stage.missing().some((index) => reachesBarrier(state, stage, index));
  stage.isWide = cpus > 1 || memory > 0;
  if (!stage.isBarrier && !stage.isWide) return true;
  const refusal = (stage.isBarrier ? barrierRefusal(stage, fault) : undefined) ?? resourceRefusal(state, stage);
  if (refusal !== undefined) {
    failStage(state, stage, { kind: "refused", stage: stage.id, node: stage.node, ...refusal });
    return false;
  }
  if (stage.isBarrier) {
    // Tasks that found cached what is not there any more for others.
    killRunning(state, stage, "all tasks of its stage run again, all at once");
    // Another job's attempt may be caching them at this moment: this one's tasks are not told of those.
    for (const node of kept) {
      if (!isUnderWay(state, state.blocks.origin(node))) dropBlocks(state, state.blocks.removeNode(node));
    }
    forgetResults(state, stage);
  }
  return true;
}

/** Threads that each of a stage's tasks has for itself on an executor. */
export function threadsPerTask(stage: Stage, { threads, memory }: Threads): number {
  const demands = stage.shape.demands();
  if (demands.memory === 0 || memory === undefined) return demands.cpus;
  return Math.max(demands.cpus, Math.ceil((demands.memory * threads) / memory));
}

/** Tasks of a stage that an executor can run at a time, if it has nothing else to do. */
export function tasksAtOnce(stage: Stage, executor: Threads): number {
  return Math.floor(executor.threads / threadsPerTask(stage, executor));
}

/** Whether a task would have to run a barrier's function. */
export function reachesBarrier(state: State, stage: Stage, index: number): boolean {
  return stage.shape.reachesBarrier(stage.partition(index), state.blocks);
}

/** What a task needs. Those of a barrier use no cached block behind it: all of them run its function, or none. */
export function needsOf(state: State, stage: Stage, index: number): PartitionNeeds {
  const without = stage.isBarrier ? stage.shape.demands().kept : [];
  return stage.shape.needs(stage.partition(index), state.blocks, without);
}

function barrierRefusal({ graph, node, size }: Stage, fault: string | undefined): Refusal | undefined {
  if (fault !== undefined) {
    const reason = `all tasks of a barrier run at once, but the stage that computes it cannot run so: ${fault}`;
    return { code: "GLOAM_BARRIER_UNSUPPORTED", reason };
  }
  const { partitions } = graph.node(node);
  if (partitions === size) return undefined;
  const reason = `all tasks of a barrier run at once, but ${size} of ${partitions} partitions are asked for`;
  return { code: "GLOAM_BARRIER_UNSUPPORTED", reason };
}

function resourceRefusal({ options }: State, stage: Stage): Refusal | undefined {
  const { capacity } = options;
  if (capacity === undefined) return undefined;
  const { executors, threads, memory } = capacity;
  const atOnce = tasksAtOnce(stage, capacity);
  if (atOnce === 0) {
    const reason = `${demandReason(stage)}, and the largest executor has ${threads} and ${memory} bytes`;
    return { code: "GLOAM_RESOURCES_UNAVAILABLE", reason };
  }
  if (!stage.isBarrier || stage.size <= executors * atOnce) return undefined;
  return { code: "GLOAM_BARRIER_SLOTS", reason: slotsReason(stage, executors * atOnce) };
}

/** What each task of a stage asks for. */
export function demandReason(stage: Stage): string {
  const { cpus, memory } = stage.shape.demands();
  return `each task needs ${cpus} ${cpus === 1 ? "cpu" : "cpus"}${memory > 0 ? ` and ${memory} bytes of memory` : ""}`;
}

/** Why a barrier stage cannot run where so many tasks fit. */
export function slotsReason({ size }: Stage, fitting: number): string {
  return `the ${size} tasks of a barrier run all at once, and no more than ${fitting} fit into the cluster at a time`;
}

/** A barrier's tasks run together or not at all: what some of them gave before is not kept. */
function forgetResults(state: State, { output }: Stage): void {
  if (output.kind === "shuffleMap") {
    dropOutputs(state, output.outputs.shuffle, output.outputs.clear());
    return;
  }
  const { results } = output;
  results.delivered.forEach((delivered, index) => delivered && results.before.add(index));
  results.delivered.fill(false);
  results.remaining = results.partitions.length;
}
