import { GloamError } from "@gloam/common";
import type { Determinism, NodeId, ShuffleId } from "@gloam/plan";
import type { GraphNode, JobGraph } from "./graph.ts";

/**
 * Looks nodes of a job's graph up by id. Building one costs nothing: a loop of a thousand jobs hands in ever longer
 * lineages of which only the newest nodes are looked at, so an eager index would make the loop quadratic.
 */
export class GraphIndex {
  /** Levels already found by `determinism.ts`. */
  readonly determinism = new Map<NodeId, Determinism>();
  /** Whether any node is a barrier's or names resources. */
  readonly hasDemands: boolean;
  /** Whether results of parts of a partition can be joined to that of the whole. */
  readonly joinsPieces: boolean;
  readonly #nodes: readonly GraphNode[];
  #last: number;
  #positions: Map<NodeId, number> | undefined;
  #shuffles: Set<ShuffleId> | undefined;

  constructor(graph: JobGraph) {
    this.#nodes = graph.nodes;
    this.hasDemands = graph.hasDemands === true;
    this.joinsPieces = graph.joinsPieces === true;
    this.#last = graph.nodes.length;
  }

  /** The node, or undefined where the graph has none of that id. */
  find(id: NodeId): GraphNode | undefined {
    const before = this.#nodes[this.#last - 1];
    if (before?.id === id) {
      this.#last--;
      return before;
    }
    const position = this.#search(id) ?? this.#everyPosition().get(id);
    if (position === undefined) return undefined;
    this.#last = position;
    return this.#nodes[position];
  }

  /** The node of that id, which must be there. */
  node(id: NodeId): GraphNode {
    const node = this.find(id);
    if (node === undefined) throw new GloamError("GLOAM_INTERNAL", `node ${id} is missing in its job's graph`);
    return node;
  }

  /** Whether any node reads that shuffle. The first call walks the whole graph. */
  hasShuffle(shuffle: ShuffleId): boolean {
    if (this.#shuffles === undefined) {
      this.#shuffles = new Set();
      for (const node of this.#nodes) {
        for (const dependency of node.dependencies) {
          if (dependency.kind === "shuffle") this.#shuffles.add(dependency.shuffle);
        }
      }
    }
    return this.#shuffles.has(shuffle);
  }

  /** Ids mostly ascend in a list that has ancestors first; where they don't, a hit is a hit and a miss proves nothing. */
  #search(id: NodeId): number | undefined {
    let low = 0;
    let high = this.#nodes.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = (this.#nodes[middle] as GraphNode).id;
      if (found === id) return middle;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #everyPosition(): Map<NodeId, number> {
    this.#positions ??= new Map(this.#nodes.map((node, position) => [node.id, position]));
    return this.#positions;
  }
}
