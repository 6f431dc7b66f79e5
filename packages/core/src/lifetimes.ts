import type { Dependency, NodeId, PlanNode, ShuffleId } from "@gloam/plan";

/** What nobody needs any more. */
export interface Unreachable {
  readonly nodes: readonly NodeId[];
  readonly shuffles: readonly ShuffleId[];
}

interface Held {
  readonly node: PlanNode;
  /** Handles, running jobs and nodes that depend on this one. */
  holders: number;
}

/**
 * Counts who needs each node: handles that can be reached, running jobs, and other nodes that are needed. A node that
 * nobody needs any more is forgotten, and what it left on executors is reported.
 */
export class Lifetimes {
  readonly #held = new Map<NodeId, Held>();
  /** How many of these nodes read a shuffle: two may read the same one. */
  readonly #readers = new Map<ShuffleId, number>();
  readonly #onUnreachable: (what: Unreachable) => void;
  readonly #handles = new FinalizationRegistry<PlanNode>((node) => this.release(node));

  constructor(onUnreachable: (what: Unreachable) => void) {
    this.#onUnreachable = onUnreachable;
  }

  /** Number of nodes that somebody needs. */
  get size(): number {
    return this.#held.size;
  }

  /** Holds the node until the handle is garbage collected or untracked. */
  track(handle: object, node: PlanNode): void {
    this.hold(node);
    this.#handles.register(handle, node, handle);
  }

  /** The handle needs its node no longer. */
  untrack(handle: object, node: PlanNode): void {
    if (this.#handles.unregister(handle)) this.release(node);
  }

  /** One more holder of the node. */
  hold(node: PlanNode): void {
    const pending = [node];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const held = this.#held.get(next.id);
      if (held !== undefined) {
        held.holders++;
        continue;
      }
      this.#held.set(next.id, { node: next, holders: 1 });
      for (const dependency of next.dependencies) {
        pending.push(dependency.parent);
        if (dependency.kind === "shuffle") this.#read(dependency.shuffle, 1);
      }
    }
  }

  /** A node needs nothing any more of what it depended on, which is released where nobody else needs it. */
  cut(node: PlanNode, dependencies: readonly Dependency[]): void {
    if (!this.#held.has(node.id)) return;
    const shuffles = dependencies.flatMap((each) =>
      each.kind === "shuffle" && this.#read(each.shuffle, -1) === 0 ? each.shuffle : [],
    );
    if (shuffles.length > 0) this.#onUnreachable({ nodes: [], shuffles });
    for (const { parent } of dependencies) this.release(parent);
  }

  /** One holder less; reports the node and all of its ancestors that were needed for it alone. */
  release(node: PlanNode): void {
    const nodes: NodeId[] = [];
    const shuffles: ShuffleId[] = [];
    const pending = [node];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const held = this.#held.get(next.id);
      if (held === undefined || --held.holders > 0) continue;
      this.#held.delete(next.id);
      nodes.push(next.id);
      for (const dependency of next.dependencies) {
        if (dependency.kind === "shuffle" && this.#read(dependency.shuffle, -1) === 0)
          shuffles.push(dependency.shuffle);
        pending.push(dependency.parent);
      }
    }
    if (nodes.length > 0) this.#onUnreachable({ nodes, shuffles });
  }

  /** So many more nodes read a shuffle; gives how many do then. */
  #read(shuffle: ShuffleId, more: number): number {
    const readers = (this.#readers.get(shuffle) ?? 0) + more;
    if (readers === 0) this.#readers.delete(shuffle);
    else this.#readers.set(shuffle, readers);
    return readers;
  }
}
