import type { NodeId } from "@gloam/plan";
import type { BarrierRunId } from "./barrier/barrier-run.ts";
import { isUnderWay } from "./barrier/barrier-blocks.ts";
import { dropBlocks, dropOutputs } from "./cleaning.ts";
import { migrate } from "./draining.ts";
import type { BlockMove, CachedBlock, SchedulerEvent, TaskId } from "./messages.ts";
import { replicate } from "./replication.ts";
import { loseOutput } from "./stages.ts";
import type { State } from "./state.ts";
import type { Task } from "./task.ts";

/** The attempt of a barrier that a block is of which a task has cached. */
function originOf(task: Task | undefined, node: NodeId): BarrierRunId | undefined {
  return task?.stage.shape.demands().kept.includes(node) === true ? task.origin : undefined;
}

/**
 * Whether a task's blocks may join those of a node. Blocks of two attempts of a barrier are no partitions of one RDD: those that are there
 * stay if they are all of them or may yet be, and go for the others if not.
 */
function admits(state: State, task: Task | undefined, node: NodeId): boolean {
  const entry = state.blocks.nodes.get(node);
  const origin = originOf(task, node);
  if (entry === undefined || task === undefined || entry.origin === origin) return true;
  const isWhole = entry.partitions.size === task.stage.graph.node(node).partitions;
  if (isWhole || isUnderWay(state, entry.origin)) return false;
  dropBlocks(state, state.blocks.removeNode(node));
  return true;
}

/**
 * A running task cached partitions. What an unwanted or forgotten task cached would never be released: it goes. So does
 * the second block of a partition on one executor, because the first may be in use.
 */
export function addBlocks(state: State, id: TaskId, blocks: readonly CachedBlock[]): void {
  const task = state.tasks.get(id);
  const stage = task === undefined || task.killed ? undefined : task.stage;
  for (const reported of blocks) {
    const block: CachedBlock = { ...reported, computedBy: id };
    const { node, partition } = block;
    const executor = state.executors.get(block.executor);
    // A repeated report of a known block says nothing about it.
    if (executor === undefined || state.blocks.has(block)) continue;
    const wanted = stage && [...stage.jobs].flatMap(({ graph }) => graph.find(node) ?? []);
    if (
      wanted?.some(({ persisted }) => persisted) !== true ||
      !admits(state, task, node) ||
      state.blocks.of(node, partition).some((copy) => copy.executor === block.executor)
    ) {
      dropBlocks(state, [block]);
      continue;
    }
    const replicas = Math.max(...wanted.map((each) => each.replicas ?? 1));
    state.blocks.add(block, task?.reads ?? [], replicas, originOf(task, node));
    if (executor.draining) migrate(state, executor, [], [block]);
    replicate(state, node, partition);
  }
}

/** Executors evicted blocks or found them damaged. */
export function loseBlocks(
  state: State,
  blocks: Extract<SchedulerEvent, { readonly type: "blocksLost" }>["blocks"],
): void {
  for (const { node, partition, executor, handle } of blocks) {
    if (handle !== undefined && !state.blocks.has({ node, partition, executor, handle })) continue;
    state.blocks.remove(node, partition, executor);
  }
  state.emptied = true;
}

/** Blocks lie elsewhere now. Reports are numbered by their sender; one that is not newer than the last is a repetition. */
export function moveBlocks(state: State, epoch: number, moves: readonly BlockMove[]): void {
  if (epoch <= state.moveEpoch) return;
  state.moveEpoch = epoch;
  for (const move of moves) {
    if (move.kind === "mapOutput") moveOutput(state, move);
    else moveCached(state, move);
  }
  state.emptied = true;
}

function moveOutput(state: State, move: Extract<BlockMove, { kind: "mapOutput" }>): void {
  const { shuffle, partition, task, to, handle } = move;
  const outputs = state.tracker.get(shuffle);
  const moved = outputs?.move(partition, task, { executor: to, handle, movedBefore: state.nextTask }) === true;
  const executor = state.executors.get(to);
  const output = outputs?.at(partition);
  if (executor === undefined) {
    if (moved && outputs !== undefined) loseOutput(state, outputs, partition, task);
  } else if (!moved || output === undefined) {
    dropOutputs(state, shuffle, [{ partition, task, executor: to, handle, sizes: new Float64Array(0) }]);
  } else if (executor.draining) migrate(state, executor, [{ shuffle, output }], []);
}

function moveCached(state: State, { block, to, handle }: Extract<BlockMove, { kind: "cached" }>): void {
  const { node, partition, executor: from } = block;
  const inputs = [...state.blocks.inputs(node)];
  const replicas = state.blocks.replicas(node);
  const origin = state.blocks.origin(node);
  const executor = state.executors.get(to);
  const known = state.blocks.find(block);
  const moved: CachedBlock = { node, partition, executor: to, handle, computedBy: known?.computedBy };
  // Another block may have been cached in its place since: that one stays, and the copy of a forgotten one is not wanted.
  if (known !== undefined) state.blocks.remove(node, partition, from);
  if (executor === undefined) return;
  // A task may have cached the partition there meanwhile, and use that block.
  if (known === undefined || state.blocks.of(node, partition).some((copy) => copy.executor === to)) {
    dropBlocks(state, [moved]);
    replicate(state, node, partition);
    return;
  }
  state.blocks.add(moved, inputs, replicas, origin);
  if (executor.draining) migrate(state, executor, [], [moved]);
  replicate(state, node, partition);
}
