import type { NodeId, ShuffleId } from "@gloam/plan";
import type { BarrierRunId } from "./barrier/barrier-run.ts";
import type { CachedBlock, ExecutorId, SlotId } from "./messages.ts";

const none: readonly CachedBlock[] = [];

interface NodeBlocks {
  /** Executors that shall hold each. */
  replicas: number;
  /** Shuffles that the blocks were computed from. */
  readonly inputs: Set<ShuffleId>;
  /** The attempt of a barrier that all of them come of, where they come of any. */
  readonly origin: BarrierRunId | undefined;
  readonly partitions: Map<number, readonly CachedBlock[]>;
}

/** Where cached partitions lie; one partition may lie on several executors. */
export class CachedBlocks {
  readonly nodes = new Map<NodeId, NodeBlocks>();

  of(node: NodeId, partition: number): readonly CachedBlock[] {
    return this.nodes.get(node)?.partitions.get(partition) ?? none;
  }

  /** This very block as it is known, not another of the same partition; undefined where it is not. */
  find({ node, partition, executor, handle }: CachedBlock): CachedBlock | undefined {
    return this.of(node, partition).find((copy) => copy.executor === executor && copy.handle === handle);
  }

  has(block: CachedBlock): boolean {
    return this.find(block) !== undefined;
  }

  ofNode(node: NodeId): CachedBlock[] {
    return [...(this.nodes.get(node)?.partitions.values() ?? [])].flat();
  }

  /** Shuffles that a node's blocks were computed from. */
  inputs(node: NodeId): Iterable<ShuffleId> {
    return this.nodes.get(node)?.inputs ?? [];
  }

  /** Executors that shall hold each block of a node. */
  replicas(node: NodeId): number {
    return this.nodes.get(node)?.replicas ?? 1;
  }

  /** The attempt of a barrier that a node's blocks come of: blocks of another do not belong to them. */
  origin(node: NodeId): BarrierRunId | undefined {
    return this.nodes.get(node)?.origin;
  }

  /**
   * Adds or replaces a block, and notes which shuffles it was computed from, and how many of its like there shall be. The first
   * says of which attempt of a barrier they all are.
   */
  add(block: CachedBlock, reads: Iterable<ShuffleId>, replicas = 1, origin?: BarrierRunId): void {
    let entry = this.nodes.get(block.node);
    if (entry === undefined) {
      this.nodes.set(block.node, (entry = { replicas, origin, inputs: new Set(), partitions: new Map() }));
    }
    entry.replicas = Math.max(entry.replicas, replicas);
    for (const shuffle of reads) entry.inputs.add(shuffle);
    const others = (entry.partitions.get(block.partition) ?? none).filter(
      ({ executor }) => executor !== block.executor,
    );
    entry.partitions.set(block.partition, [...others, block]);
  }

  /** Forgets a partition's blocks, only those of one executor if it is given; what was forgotten. */
  remove(node: NodeId, partition: number, executor?: ExecutorId): readonly CachedBlock[] {
    const entry = this.nodes.get(node);
    const blocks = entry?.partitions.get(partition);
    if (entry === undefined || blocks === undefined) return none;
    const kept = executor === undefined ? none : blocks.filter((block) => block.executor !== executor);
    if (kept.length > 0) entry.partitions.set(partition, kept);
    else entry.partitions.delete(partition);
    if (entry.partitions.size === 0) this.nodes.delete(node);
    return executor === undefined ? blocks : blocks.filter((block) => block.executor === executor);
  }

  /** Forgets all blocks of a node; what was forgotten. */
  removeNode(node: NodeId): CachedBlock[] {
    const blocks = this.ofNode(node);
    this.nodes.delete(node);
    return blocks;
  }

  /** What lies on an executor. A scan: asked for when executors come to their end only. */
  onExecutor(executor: ExecutorId): CachedBlock[] {
    const found: CachedBlock[] = [];
    for (const { partitions } of this.nodes.values()) {
      for (const blocks of partitions.values()) {
        for (const block of blocks) if (block.executor === executor) found.push(block);
      }
    }
    return found;
  }

  /** A slot's decoded copies are gone; its executor still holds the blocks. */
  forgetSlot(executor: ExecutorId, slot: SlotId): void {
    for (const block of this.onExecutor(executor)) {
      if (block.slot === slot) this.add({ ...block, slot: undefined }, []);
    }
  }

  /** Nodes with blocks that were computed from a shuffle. */
  computedFrom(shuffle: ShuffleId): NodeId[] {
    return [...this.nodes].filter(([, { inputs }]) => inputs.has(shuffle)).map(([node]) => node);
  }
}
