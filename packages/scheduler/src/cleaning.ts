import type { NodeId, ShuffleId } from "@gloam/plan";
import type { Job } from "./job.ts";
import type { CachedBlock, MapOutput } from "./messages.ts";
import type { State } from "./state.ts";

/** Drops a shuffle's outputs, at once or when the last live job that may read them has ended. */
export function releaseShuffle(state: State, shuffle: ShuffleId): void {
  for (const job of state.jobs.values()) {
    if (!job.graph.hasShuffle(shuffle)) continue;
    // One job at a time keeps it; when that ends, this function looks for another.
    job.keptShuffles.add(shuffle);
    return;
  }
  dropOutputs(state, shuffle, state.tracker.get(shuffle)?.list() ?? []);
  state.tracker.forget(shuffle);
  state.emit({ type: "forgetShuffle", shuffle });
}

/** Drops a node's cached blocks, at once or when the last live job that may read them has ended. */
export function releaseNode(state: State, node: NodeId): void {
  for (const job of state.jobs.values()) {
    if (job.graph.find(node)?.persisted !== true) continue;
    job.keptNodes.add(node);
    return;
  }
  dropBlocks(state, state.blocks.removeNode(node));
}

/** Lets go of what an ended job kept. */
export function releaseKept(state: State, job: Job): void {
  for (const shuffle of job.keptShuffles) releaseShuffle(state, shuffle);
  for (const node of job.keptNodes) releaseNode(state, node);
}

/** Has executors free map outputs that are not registered. */
export function dropOutputs(state: State, shuffle: ShuffleId, outputs: readonly MapOutput[]): void {
  if (outputs.length === 0) return;
  state.emptied = true;
  state.emit({ type: "dropMapOutputs", shuffle, outputs });
}

/** Has executors free cached blocks that are not known. */
export function dropBlocks(state: State, blocks: readonly CachedBlock[]): void {
  if (blocks.length === 0) return;
  state.emptied = true;
  state.emit({ type: "dropCachedBlocks", blocks });
}
