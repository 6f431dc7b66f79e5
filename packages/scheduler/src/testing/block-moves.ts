import type { UntimedEvent } from "../cluster-backend.ts";
import type { BlockHandle, BlockMove, CachedBlock, ExecutorId, SchedulerInstruction } from "../messages.ts";
import type { SimulatedExecutor } from "./simulated-executor.ts";

/**
 * Moves what is still there to another executor, which says so: the report stands in its mail before whatever it says
 * later of these blocks. `copied` is told the handles of each cached block before and after.
 */
export function moveBlocks(
  from: SimulatedExecutor,
  to: SimulatedExecutor,
  { outputs, cached }: Extract<SchedulerInstruction, { type: "migrateBlocks" }>,
  copied: (before: BlockHandle, after: BlockHandle) => void,
): void {
  const moves: BlockMove[] = [];
  for (const { shuffle, output } of outputs) {
    const { partition, task } = output;
    if (!from.outputs.delete(`${shuffle}/${partition}/${task}`)) continue;
    to.outputs.add(`${shuffle}/${partition}/${task}`);
    moves.push({ kind: "mapOutput", shuffle, partition, task, to: to.id, handle: task });
  }
  for (const block of cached) {
    const { node, partition } = block;
    const key = `${node}/${partition}`;
    if (from.blocks.get(key)?.handle !== block.handle || to.blocks.has(key)) continue;
    from.blocks.delete(key);
    const handle = {};
    copied(block.handle, handle);
    to.blocks.set(key, { node, partition, executor: to.id, handle });
    moves.push({ kind: "cached", block, to: to.id, handle });
  }
  if (moves.length > 0) to.mail.push({ type: "blocksMoved", epoch: unnumbered, moves });
}

/** Copies a cached block that is still there; the handle of the copy. `copied` is told that too. */
export function copyBlock(
  from: SimulatedExecutor,
  to: SimulatedExecutor,
  { node, partition, handle }: CachedBlock,
  copied: (copy: BlockHandle) => void,
): { readonly executor: ExecutorId; readonly handle: BlockHandle } | undefined {
  const key = `${node}/${partition}`;
  if (from.blocks.get(key)?.handle !== handle || to.blocks.has(key)) return undefined;
  const copy = {};
  copied(copy);
  to.blocks.set(key, { node, partition, executor: to.id, handle: copy });
  return { executor: to.id, handle: copy };
}

/** Numbers reports of moves as the backend does when it passes them on. */
export class MoveEpochs {
  #last = 0;

  number(event: UntimedEvent): UntimedEvent {
    return event.type === "blocksMoved" || event.type === "blockReplicated" ? { ...event, epoch: ++this.#last } : event;
  }
}

const unnumbered = 0;
