import type { NodeId } from "@gloam/plan";
import { dropBlocks } from "./cleaning.ts";
import { migrate } from "./draining.ts";
import type { BlockReplica, CachedBlock } from "./messages.ts";
import type { State } from "./state.ts";

/**
 * Has a block copied to another executor where there are fewer copies than its level asks for. Where nobody can take one it is left
 * until an executor comes.
 */
export function replicate(state: State, node: NodeId, partition: number): void {
  const wanted = state.blocks.replicas(node);
  if (wanted < 2) return;
  const key = keyOf(node, partition);
  const copies = state.blocks.of(node, partition);
  const [source] = copies;
  if (source === undefined || copies.length >= wanted || state.replicating.has(key)) return;
  const holders = copies.map(({ executor }) => executor);
  const isThere = [...state.executors.byId.values()].some(({ id, usable }) => usable && !holders.includes(id));
  if (!isThere) return;
  state.replicating.add(key);
  state.emit({ type: "replicateBlock", block: source, holders });
}

/** The same for all blocks: when an executor has come. */
export function replicateAll(state: State): void {
  for (const [node, { replicas, partitions }] of state.blocks.nodes) {
    if (replicas < 2) continue;
    for (const partition of partitions.keys()) replicate(state, node, partition);
  }
}

/**
 * A copy of a block is there, or none could be made. Reports are numbered with those of moves. Of a block that is not known any
 * more the copy is not wanted: what it was computed from may have been rolled back.
 */
export function addReplica(state: State, epoch: number, { block, copy }: BlockReplica): void {
  if (epoch <= state.moveEpoch) return;
  state.moveEpoch = epoch;
  const { node, partition } = block;
  state.replicating.delete(keyOf(node, partition));
  if (copy === undefined) {
    // What has taken its place meanwhile waited for this; the block itself is not tried again before an executor comes.
    if (!state.blocks.has(block)) replicate(state, node, partition);
    return;
  }
  const executor = state.executors.get(copy.executor);
  if (executor !== undefined) {
    const known = state.blocks.find(block);
    const replica: CachedBlock = { node, partition, ...copy, computedBy: known?.computedBy };
    const isWanted =
      known !== undefined && !state.blocks.of(node, partition).some((each) => each.executor === executor.id);
    if (isWanted) {
      state.blocks.add(replica, []);
      if (executor.draining) migrate(state, executor, [], [replica]);
    } else dropBlocks(state, [replica]);
  }
  replicate(state, node, partition);
}

/** Says once, when a job has ended, that there is nobody to hold the second copies that its levels ask for. */
export function noteMissingReplicas(state: State): void {
  if (state.replicasMissed || state.executors.usableUpTo(2) > 1) return;
  for (const { replicas } of state.blocks.nodes.values()) {
    if (replicas < 2) continue;
    state.replicasMissed = true;
    state.emit({ type: "replicasMissing" });
    return;
  }
}

function keyOf(node: NodeId, partition: number): string {
  return `${node}/${partition}`;
}
