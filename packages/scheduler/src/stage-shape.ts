import type { NarrowMapping, NodeId, ShuffleId, TaskResources } from "@gloam/plan";
import type { CachedBlocks } from "./cached-blocks.ts";
import type { GraphIndex } from "./graph-index.ts";
import type { GraphNode } from "./graph.ts";
import type { CachedBlock } from "./messages.ts";

/** A shuffle that a stage reads: its map side is the stage that ends in `parent`. */
export interface ShuffleEdge {
  readonly shuffle: ShuffleId;
  readonly parent: NodeId;
  readonly orderSensitive?: boolean | undefined;
}

/** What computing one partition takes, given the blocks that are cached now. */
export interface PartitionNeeds {
  readonly edges: readonly ShuffleEdge[];
  readonly shuffles: readonly ShuffleId[];
  readonly cached: readonly CachedBlock[];
}

/** Where a partition's data lies: cached blocks, or names of executors and hosts. */
export type PartitionLocations = readonly CachedBlock[] | readonly string[];

/** What the nodes of a stage ask for beside a slot for each task. */
export interface StageDemands {
  /** Some node is a barrier's. */
  readonly hasBarrier: boolean;
  /** Why its tasks cannot wait for each other, where they cannot. */
  readonly fault: string | undefined;
  /** Persisted nodes that are barriers' or are computed from them. */
  readonly kept: readonly NodeId[];
  /** Worker threads that each task has for itself; the most that any node asks for. */
  readonly cpus: number;
  /** Bytes of its executor's memory that are each task's share at least. */
  readonly memory: number;
}

const noDemands: StageDemands = { hasBarrier: false, fault: undefined, kept: [], cpus: 1, memory: 0 };

/** A node where something happens; the one-to-one chains between such nodes are left out. */
interface Vertex {
  readonly ordinal: number;
  readonly node: GraphNode;
  readonly narrow: readonly { readonly parent: NodeId; readonly mapping: NarrowMapping }[];
  readonly edges: readonly ShuffleEdge[];
  /** Starts of the inputs' ranges where all are ranges in ascending order: a union of thousands is searched, not scanned. */
  readonly starts: readonly number[] | undefined;
}

const nowhere: PartitionLocations = [];
const noBlocks: readonly CachedBlock[] = [];

/**
 * The narrow part of the graph above one stage's end, cut at shuffles. It is built as far as walks come: what lies
 * behind cached blocks costs nothing.
 */
export class StageShape {
  readonly #graph: GraphIndex;
  readonly #root: NodeId;
  readonly #vertices = new Map<NodeId, Vertex>();
  /** Ends of one-to-one chains by the node at which a walk entered them. */
  readonly #chains = new Map<NodeId, Vertex>();
  #demands: StageDemands | undefined;
  /** The needs of every partition where they are the same for all; null where they are not. */
  #uniform: PartitionNeeds | null | undefined;

  constructor(graph: GraphIndex, root: NodeId) {
    this.#graph = graph;
    this.#root = root;
  }

  /** The same needs for every partition, if the stage has only one-to-one dependencies and nothing cached. */
  uniformNeeds(): PartitionNeeds | undefined {
    if (this.#uniform === undefined) this.#uniform = this.#findUniform() ?? null;
    return this.#uniform ?? undefined;
  }

  /**
   * Shuffles and blocks that computing a partition reads, as if some nodes had no blocks. Cost: the partition's tree, without one-to-one
   * chains.
   */
  needs(partition: number, blocks: CachedBlocks, without: readonly NodeId[] = []): PartitionNeeds {
    const uniform = this.uniformNeeds();
    if (uniform !== undefined) return uniform;
    const edges = new Map<ShuffleId, ShuffleEdge>();
    const cached: CachedBlock[] = [];
    this.#walk(this.#vertex(this.#root), partition, ({ node, edges: read }, at) => {
      const known = node.persisted && !without.includes(node.id) ? blocks.of(node.id, at) : noBlocks;
      if (known.length > 0) {
        cached.push(...known);
        return "skip";
      }
      for (const edge of read) edges.set(edge.shuffle, edge);
      return "enter";
    });
    return { edges: [...edges.values()], shuffles: [...edges.keys()], cached };
  }

  /** Where a partition is best computed: at its first cached ancestor, else where its first source says. */
  locations(partition: number, blocks: CachedBlocks): PartitionLocations {
    let found = nowhere;
    this.#walk(this.#vertex(this.#root), partition, ({ node }, at) => {
      if (node.persisted) found = blocks.of(node.id, at);
      if (found.length === 0) found = node.preferred?.[at] ?? nowhere;
      return found.length > 0 ? "stop" : "enter";
    });
    return found;
  }

  /** Whether any partition can have a location at all. */
  hasLocations(): boolean {
    if (this.uniformNeeds() === undefined) return true;
    return this.#reachable(this.#root).some(({ node }) => node.preferred !== undefined);
  }

  /**
   * The shuffle whose map outputs several tasks may share among them to compute a partition in parts; undefined where there is none:
   * where something is cached, is not computed element by element, or may be another when it is computed again.
   */
  streamedShuffle(): ShuffleId | undefined {
    if (this.uniformNeeds() === undefined || this.demands().hasBarrier) return undefined;
    let node = this.#graph.node(this.#root);
    for (;;) {
      const streamed = node.dependencies.find((each) => each.kind === "shuffle" && each.streamed === true);
      if (streamed?.kind === "shuffle") {
        // What another side computes in this stage would be computed, and counted by accumulators, once for each part.
        const isShuffled = node.dependencies.every(({ kind }) => kind === "shuffle");
        return isShuffled && this.#isDeterminate(node) ? streamed.shuffle : undefined;
      }
      const [dependency] = node.dependencies;
      if (node.elementwise !== true || dependency?.kind !== "narrow") return undefined;
      node = this.#graph.node(dependency.parent);
    }
  }

  /** Whether all that a node reads in its stage repeats exactly: each part of a partition reads it. */
  #isDeterminate(node: GraphNode): boolean {
    const stack = [node];
    const seen = new Set(stack);
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (next.determinism !== "determinate") return false;
      for (const { kind, parent } of next.dependencies) {
        const above = kind === "narrow" ? this.#graph.node(parent) : undefined;
        if (above === undefined || seen.has(above)) continue;
        seen.add(above);
        stack.push(above);
      }
    }
    return true;
  }

  /** What its nodes ask for beside a slot for each task. Walks the stage once, and not at all where its job asks for nothing. */
  demands(): StageDemands {
    return (this.#demands ??= this.#graph.hasDemands ? this.#findDemands() : noDemands);
  }

  /** Whether computing a partition runs a barrier's function, given the blocks that are cached now. */
  reachesBarrier(partition: number, blocks: CachedBlocks): boolean {
    if (!this.demands().hasBarrier) return false;
    let reached = false;
    this.#walk(this.#vertex(this.#root), partition, ({ node }, at) => {
      if (node.persisted && blocks.of(node.id, at).length > 0) return "skip";
      reached = node.barrier === true;
      return reached ? "stop" : "enter";
    });
    return reached;
  }

  #findDemands(): StageDemands {
    const vertices = this.#reachable(this.#root);
    const behind = this.#behindBarriers(vertices);
    let fault: string | undefined;
    for (const { node, narrow } of behind) {
      const reaching = narrow.filter(({ parent }) => behind.has(this.#vertex(parent)));
      if (reaching.length > 1) fault = "it depends on more than one of them";
      else if (reaching.some(({ mapping }) => mapping.kind !== "oneToOne")) {
        fault = `it has ${node.partitions} partitions that are not one for one those of the barrier (union, coalesce)`;
      }
    }
    const named = vertices.flatMap(({ node }) => node.resources ?? []);
    return {
      hasBarrier: behind.size > 0,
      fault,
      kept: [...behind].flatMap(({ node }) => (node.persisted ? node.id : [])),
      cpus: Math.max(1, ...named.map(({ cpus = 1 }: TaskResources) => cpus)),
      memory: Math.max(0, ...named.map(({ memory = 0 }: TaskResources) => memory)),
    };
  }

  /** The barriers of the stage, and what is computed from them in it. */
  #behindBarriers(vertices: readonly Vertex[]): Set<Vertex> {
    const children = new Map<Vertex, Vertex[]>();
    for (const vertex of vertices) {
      for (const { parent } of vertex.narrow) {
        const above = this.#vertex(parent);
        children.set(above, [...(children.get(above) ?? []), vertex]);
      }
    }
    const stack = vertices.filter(({ node }) => node.barrier === true);
    const behind = new Set(stack);
    for (let vertex = stack.pop(); vertex !== undefined; vertex = stack.pop()) {
      for (const child of children.get(vertex) ?? []) {
        if (behind.has(child)) continue;
        behind.add(child);
        stack.push(child);
      }
    }
    return behind;
  }

  #findUniform(): PartitionNeeds | undefined {
    const edges = new Map<ShuffleId, ShuffleEdge>();
    const stack = [this.#vertex(this.#root)];
    const seen = new Set(stack);
    for (let vertex = stack.pop(); vertex !== undefined; vertex = stack.pop()) {
      if (vertex.node.persisted) return undefined;
      for (const edge of vertex.edges) edges.set(edge.shuffle, edge);
      for (const { parent, mapping } of vertex.narrow) {
        if (mapping.kind !== "oneToOne") return undefined;
        const next = this.#vertex(parent);
        if (seen.has(next)) continue;
        seen.add(next);
        stack.push(next);
      }
    }
    return { edges: [...edges.values()], shuffles: [...edges.keys()], cached: noBlocks };
  }

  #reachable(root: NodeId): Vertex[] {
    const found = [this.#vertex(root)];
    const seen = new Set(found);
    for (let next = 0; next < found.length; next++) {
      for (const { parent } of (found[next] as Vertex).narrow) {
        const vertex = this.#vertex(parent);
        if (seen.has(vertex)) continue;
        seen.add(vertex);
        found.push(vertex);
      }
    }
    return found;
  }

  /** Visits the (node, partition) pairs of a partition's tree once each, depth first, leftmost input first. */
  #walk(
    root: Vertex,
    partition: number,
    visit: (vertex: Vertex, partition: number) => "enter" | "skip" | "stop",
  ): void {
    const stack: (readonly [Vertex, number])[] = [[root, partition]];
    // Pairs can only meet again below a fork; a plain chain is walked without remembering.
    let seen: Set<number> | undefined;
    for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
      const [vertex, at] = pair;
      if (seen !== undefined) {
        const key = vertex.ordinal * 2 ** 32 + at;
        if (seen.has(key)) continue;
        seen.add(key);
      }
      const answer = visit(vertex, at);
      if (answer === "stop") return;
      if (answer === "skip") continue;
      const before = stack.length;
      this.#pushInputs(vertex, at, stack);
      if (stack.length - before > 1) {
        seen ??= new Set();
        reverseFrom(stack, before);
      }
    }
  }

  #pushInputs({ narrow, starts }: Vertex, at: number, stack: (readonly [Vertex, number])[]): void {
    let first = 0;
    let last = narrow.length - 1;
    if (starts !== undefined) first = last = lastAtMost(starts, at);
    for (let input = first; input <= last; input++) {
      const dependency = narrow[input];
      if (dependency === undefined) continue;
      const { parent, mapping } = dependency;
      if (mapping.kind === "oneToOne") stack.push([this.#vertex(parent), at]);
      else if (mapping.kind === "range") {
        const shifted = at - mapping.start;
        if (shifted >= 0 && shifted < mapping.length) stack.push([this.#vertex(parent), shifted]);
      } else {
        const vertex = this.#vertex(parent);
        for (const partition of mapping.groups[at] ?? []) stack.push([vertex, partition]);
      }
    }
  }

  #vertex(entry: NodeId): Vertex {
    const known = this.#chains.get(entry);
    if (known !== undefined) return known;
    let node = this.#graph.node(entry);
    for (let parent = transparentParent(node); parent !== undefined; parent = transparentParent(node)) {
      node = this.#graph.node(parent);
    }
    let vertex = this.#vertices.get(node.id);
    if (vertex === undefined) this.#vertices.set(node.id, (vertex = makeVertex(node, this.#vertices.size)));
    this.#chains.set(entry, vertex);
    return vertex;
  }
}

/** The parent of a node that a walk may pass over: one one-to-one parent, and nothing to see at the node itself. */
function transparentParent(node: GraphNode): NodeId | undefined {
  if (node.persisted || node.preferred !== undefined || node.dependencies.length !== 1) return undefined;
  if (node.barrier === true || node.resources !== undefined) return undefined;
  const dependency = node.dependencies[0];
  return dependency?.kind === "narrow" && dependency.mapping.kind === "oneToOne" ? dependency.parent : undefined;
}

function makeVertex(node: GraphNode, ordinal: number): Vertex {
  const narrow = node.dependencies
    .filter((dependency) => dependency.kind === "narrow")
    .filter(({ mapping }) => mapping.kind !== "range" || mapping.length > 0);
  const edges = node.dependencies.filter((dependency) => dependency.kind === "shuffle");
  const starts = narrow.map(({ mapping }) => (mapping.kind === "range" ? mapping.start : Number.NaN));
  const ascending = starts.every((start, input) => input === 0 || start > (starts[input - 1] as number));
  return { ordinal, node, narrow, edges, starts: starts.length > 8 && ascending ? starts : undefined };
}

function reverseFrom(list: unknown[], start: number): void {
  for (let low = start, high = list.length - 1; low < high; low++, high--) {
    const swapped = list[low];
    list[low] = list[high];
    list[high] = swapped;
  }
}

/** Position of the last of some ascending numbers that is at most `value`; -1 where none is. */
function lastAtMost(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
