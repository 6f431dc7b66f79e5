import type { StorageTraits } from "@gloam/plan";
import type { Lease } from "./leases.ts";
import type { OutputHandle } from "./output-handle.ts";

/** Which partition a cached block is, and how it is to be kept. */
export interface CachedIdentity {
  readonly node: number;
  readonly partition: number;
  readonly traits: Pick<StorageTraits, "useMemory" | "useDisk">;
}

/** A cached block that can be evicted. */
export interface EvictableBlock {
  readonly handle: OutputHandle;
  readonly identity: CachedIdentity;
  readonly lease: Lease;
  /** In memory, the headers of its chunks included. */
  readonly memoryBytes: number;
}

/** What is known of an evictable block's use. */
export interface BlockUse {
  /** Larger for what was used later. */
  lastUse(lease: Lease): number;
  isPinned(lease: Lease): boolean;
}

/**
 * The blocks to evict for so many bytes, in order: of the node that was used least recently, its least recently used ones
 * first; none that somebody reads, and none of a node that is spared. They may come to less than was asked for.
 */
export function chooseVictims(
  blocks: Iterable<EvictableBlock>,
  bytes: number,
  isSpared: (node: number) => boolean,
  use: BlockUse,
): EvictableBlock[] {
  const candidates: { readonly block: EvictableBlock; readonly lastUse: number }[] = [];
  const nodeUse = new Map<number, number>();
  for (const block of blocks) {
    const { node } = block.identity;
    if (isSpared(node)) continue;
    const lastUse = use.lastUse(block.lease);
    nodeUse.set(node, Math.max(nodeUse.get(node) ?? -Infinity, lastUse));
    if (!use.isPinned(block.lease)) candidates.push({ block, lastUse });
  }
  candidates.sort((a, b) => {
    const byNode = (nodeUse.get(a.block.identity.node) ?? 0) - (nodeUse.get(b.block.identity.node) ?? 0);
    return byNode === 0 ? a.lastUse - b.lastUse : byNode;
  });
  const victims: EvictableBlock[] = [];
  let found = 0;
  for (const { block } of candidates) {
    if (found >= bytes) break;
    victims.push(block);
    found += block.memoryBytes;
  }
  return victims;
}
