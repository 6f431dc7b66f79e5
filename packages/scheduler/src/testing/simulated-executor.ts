import type { ShuffleId } from "@gloam/plan";
import type { UntimedEvent } from "../cluster-backend.ts";
import type { CachedBlock, ExecutorId, MapOutput, TaskFailure, TaskLaunch } from "../messages.ts";
import type { SchedulerState } from "../scheduler.ts";
import type { ComputedPartition, Reads } from "./provenance.ts";

/** A task as its executor sees it. */
export interface RunningTask {
  readonly launch: TaskLaunch;
  readonly inputs: ReadonlyMap<ShuffleId, readonly MapOutput[]>;
  readonly reads: Reads;
  readonly computed: readonly ComputedPartition[];
  killed: boolean;
  /** It asked to commit, and what the answer was. */
  commit: "unasked" | "asked" | "granted" | "denied";
  /** What it has done in its barrier, and whether it waits for an answer to the last. */
  calls: number;
  waits: boolean;
}

/** An executor as it is in truth. */
export interface SimulatedExecutor {
  readonly id: ExecutorId;
  alive: boolean;
  readonly slots: (RunningTask | undefined)[];
  /** What it holds in truth, whatever the machine believes. */
  readonly outputs: Set<string>;
  readonly blocks: Map<string, CachedBlock>;
  /** Messages on their way to the machine, in order. */
  readonly mail: UntimedEvent[];
}

/** Every executor that ever was. */
export type SimulatedExecutors = ReadonlyMap<ExecutorId, SimulatedExecutor>;

/** What a task finds missing among its inputs. */
export function findMissingInput(executors: SimulatedExecutors, task: RunningTask): TaskFailure | undefined {
  for (const [shuffle, outputs] of task.inputs) {
    for (const { executor, partition, task: mapTask } of outputs) {
      const place = executors.get(executor);
      if (place?.alive === true && place.outputs.has(`${shuffle}/${partition}/${mapTask}`)) continue;
      return { kind: "fetchFailed", shuffle, mapPartition: partition, mapTask, error: "gone" };
    }
  }
  const { cached } = task.launch;
  for (const { node, partition } of cached) {
    const copies = cached.filter((block) => block.node === node && block.partition === partition);
    if (!copies.some((copy) => holds(executors, copy))) {
      return { kind: "cachedBlockMissing", node, partition, error: "gone" };
    }
  }
  return undefined;
}

/** The executor needs the room of the block that it has held longest, and says so. */
export function evict({ id, blocks, mail }: SimulatedExecutor): void {
  const [oldest] = blocks;
  if (oldest === undefined) return;
  const [key, { node, partition }] = oldest;
  blocks.delete(key);
  mail.push({ type: "blocksLost", blocks: [{ node, partition, executor: id }] });
}

/** What the machine believes in and is not there, or is there and forgotten. Exact when no message is on its way. */
export function compareWithTruth({ tracker, blocks }: SchedulerState, executors: SimulatedExecutors): void {
  const believed = new Set<string>();
  for (const [shuffle, outputs] of tracker.shuffles) {
    for (const { executor, partition, task } of outputs.list()) {
      believed.add(`${executor} output ${shuffle}/${partition}/${task}`);
    }
  }
  for (const { partitions } of blocks.nodes.values()) {
    for (const block of [...partitions.values()].flat()) {
      const { executor, node, partition } = block;
      believed.add(`${executor} block ${node}/${partition}`);
      if (executors.get(executor)?.blocks.has(`${node}/${partition}`) === true && !holds(executors, block)) {
        throw new Error(`the machine takes a block at ${executor} for another ${node}/${partition}`);
      }
    }
  }
  const there = new Set<string>();
  for (const { id, alive, outputs, blocks: held } of executors.values()) {
    if (!alive) continue;
    for (const key of outputs) there.add(`${id} output ${key}`);
    for (const key of held.keys()) there.add(`${id} block ${key}`);
  }
  for (const key of believed) if (!there.has(key)) throw new Error(`the machine believes in ${key}`);
  for (const key of there) if (!believed.has(key)) throw new Error(`the machine forgot ${key}`);
}

function holds(executors: SimulatedExecutors, { executor, node, partition, handle }: CachedBlock): boolean {
  const place = executors.get(executor);
  return place?.alive === true && place.blocks.get(`${node}/${partition}`)?.handle === handle;
}
