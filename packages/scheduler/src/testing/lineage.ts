import { demandsOf, type NarrowMapping, type NodeId } from "@gloam/plan";
import type { GraphDependency, GraphNode, JobGraph } from "../graph.ts";

/** What a test may say of a node; the rest has defaults. */
export type NodeSettings = Partial<
  Pick<
    GraphNode,
    "persisted" | "replicas" | "determinism" | "orderSensitive" | "preferred" | "barrier" | "resources" | "elementwise"
  >
>;

/** Builds lineages as a driver would: nodes in order of their ids, each job with every ancestor of its final node. */
export class Lineage {
  readonly nodes: GraphNode[] = [];
  #shuffles = 0;

  source(partitions: number, settings: NodeSettings = {}): NodeId {
    return this.#add(partitions, [], settings);
  }

  map(parent: NodeId, settings: NodeSettings = {}): NodeId {
    return this.#add(this.#partitions(parent), [narrow(parent, { kind: "oneToOne" })], settings);
  }

  zip(parents: readonly NodeId[], settings: NodeSettings = {}): NodeId {
    const dependencies = parents.map((parent) => narrow(parent, { kind: "oneToOne" }));
    return this.#add(this.#partitions(parents[0]), dependencies, settings);
  }

  union(parents: readonly NodeId[], settings: NodeSettings = {}): NodeId {
    let start = 0;
    const dependencies = parents.map((parent) => {
      const mapping: NarrowMapping = { kind: "range", start, length: this.#partitions(parent) };
      start += mapping.length;
      return narrow(parent, mapping);
    });
    return this.#add(start, dependencies, settings);
  }

  coalesce(parent: NodeId, partitions: number, settings: NodeSettings = {}): NodeId {
    const groups = Array.from({ length: partitions }, (): number[] => []);
    for (let partition = 0; partition < this.#partitions(parent); partition++) {
      groups[partition % partitions]?.push(partition);
    }
    return this.#add(partitions, [narrow(parent, { kind: "groups", groups })], settings);
  }

  /** A node that reads a new shuffle of each parent; shuffles are numbered from 0. */
  shuffle(
    parents: NodeId | readonly NodeId[],
    partitions: number,
    settings: NodeSettings & { readonly orderSensitiveShuffle?: boolean; readonly streamed?: boolean } = {},
  ): NodeId {
    const { orderSensitiveShuffle: orderSensitive, streamed, ...rest } = settings;
    const dependencies = [parents].flat().map((parent, input): GraphDependency => {
      const traits = {
        orderSensitive,
        streamed: streamed === true && input === 0,
      };
      return { kind: "shuffle", parent, shuffle: this.#shuffles++, partitions, ...traits };
    });
    return this.#add(partitions, dependencies, rest);
  }

  get shuffleCount(): number {
    return this.#shuffles;
  }

  node(id: NodeId | undefined): GraphNode {
    const node = id === undefined ? undefined : this.nodes[id];
    if (node === undefined) throw new RangeError(`no node ${id}`);
    return node;
  }

  /** Changes a node for later jobs, as `cache` and `unpersist` do. */
  persist(node: NodeId, persisted: boolean): void {
    this.nodes[node] = { ...this.node(node), persisted };
  }

  job(final: NodeId, partitions?: readonly number[]): JobGraph {
    const wanted = new Set([final]);
    const stack = [final];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      for (const { parent } of this.nodes[id]?.dependencies ?? []) {
        if (!wanted.has(parent)) stack.push(parent);
        wanted.add(parent);
      }
    }
    const all = Array.from({ length: this.#partitions(final) }, (_, partition) => partition);
    const nodes = this.nodes.filter(({ id }) => wanted.has(id));
    return { nodes, final, partitions: partitions ?? all, ...demandsOf(nodes) };
  }

  #partitions(node: NodeId | undefined): number {
    return this.node(node).partitions;
  }

  #add(partitions: number, dependencies: readonly GraphDependency[], settings: NodeSettings): NodeId {
    const id = this.nodes.length;
    this.nodes.push({ id, partitions, persisted: false, determinism: "determinate", dependencies, ...settings });
    return id;
  }
}

function narrow(parent: NodeId, mapping: NarrowMapping): GraphDependency {
  return { kind: "narrow", parent, mapping };
}
