import type { BatchReader } from "@gloam/plan";
import { BlockReader, type Chunks } from "./block-reader.ts";
import { ChunksOfAny } from "./chunks-of-any.ts";
import { FirstReader } from "./first-reader.ts";
import type { CachedInput } from "./task-messages.ts";

/**
 * Reads a cached partition of one of its blocks. Copies of a block stand for each other at any chunk; a block that another task computed
 * may have other elements, or the same in another order, and is read from its beginning or not at all.
 *
 * @param blocks One at least, the best first.
 * @param failed Turns an error of the block into what the scheduler understands.
 */
export function readCached(
  blocks: readonly CachedInput[],
  open: (handle: unknown) => Chunks,
  failed: (error: unknown) => unknown,
): BatchReader {
  const read = (copies: readonly CachedInput[]): BatchReader => {
    const chunks = new ChunksOfAny(copies.map((copy) => () => open(copy.handle)));
    try {
      return new BlockReader(chunks, 0, chunks.chunks, failed);
    } catch (error) {
      throw failed(error);
    }
  };
  const groups = copiesOf(blocks);
  return groups.length === 1 ? read(blocks) : new FirstReader(groups.map((copies) => () => read(copies)));
}

/** Those together that are copies of each other. */
function copiesOf(blocks: readonly CachedInput[]): CachedInput[][] {
  const groups: CachedInput[][] = [];
  for (const block of blocks) {
    const { computedBy } = block;
    const copies = computedBy === undefined ? undefined : groups.find(([one]) => one?.computedBy === computedBy);
    if (copies === undefined) groups.push([block]);
    else copies.push(block);
  }
  return groups;
}
