import type { CallSite } from "@gloam/common";
import type { KernelDescription } from "./kernel.ts";
import { parentPartitions } from "./narrow-mapping.ts";
import type { NarrowMapping, NodeId, PlanNode, ShuffleId } from "./node.ts";
import type { LevelOf, StorageLevel } from "./storage-level.ts";

/** What an executor gets of a stage, once: the nodes that are reached through narrow dependencies, and what ends them. */
export interface StageDescription {
  /** Ancestors first, the node whose partitions the stage computes last. */
  readonly nodes: readonly StageNode[];
  /** A shuffle's writer or an action's sink. */
  readonly sink: KernelDescription;
  /** Local properties of whoever asked for the job; left out where there are none. */
  readonly properties?: Readonly<Record<string, string>> | undefined;
}

/** One node of a stage. */
export interface StageNode {
  readonly id: NodeId;
  readonly operation: string;
  readonly callSite: CallSite | undefined;
  readonly kernel: KernelDescription;
  readonly inputs: readonly StageInput[];
  /** How its partitions are kept as blocks once computed; undefined where they are not. */
  readonly level: StorageLevel | undefined;
}

/** Where a node's elements come from: `node` is an index into the stage. */
export type StageInput =
  | { readonly kind: "narrow"; readonly node: number; readonly mapping: NarrowMapping }
  | { readonly kind: "shuffle"; readonly shuffle: ShuffleId };

/** A piece of plain data that a node gives the task of one partition; `node` is an index into the stage. */
export interface StagePayload {
  readonly node: number;
  readonly partition: number;
  readonly payload: unknown;
}

/** What finding a stage's nodes and their payloads takes: a plan's node, or a picture of it in another thread. */
export interface StageMember<N> {
  readonly id: NodeId;
  readonly dependencies: readonly (
    { readonly kind: "narrow"; readonly parent: N; readonly mapping: NarrowMapping } | { readonly kind: "shuffle" }
  )[];
  /** Plain data for the task that computes this partition. */
  readonly payload?: ((partition: number) => unknown) | undefined;
}

/** Describes the stage that computes `final` and ends in `sink`. The nodes have been prepared. */
export function stageDescription(
  final: PlanNode,
  sink: KernelDescription,
  levelOf: LevelOf,
  properties?: Readonly<Record<string, string>>,
): StageDescription {
  const nodes = stageNodes(final);
  const indices = new Map(nodes.map((node, index) => [node.id, index]));
  return {
    nodes: nodes.map((node) => ({
      id: node.id,
      operation: node.operation,
      callSite: node.callSite,
      kernel: node.kernel,
      inputs: node.dependencies.map((dependency) =>
        dependency.kind === "shuffle"
          ? { kind: "shuffle", shuffle: dependency.shuffle }
          : { kind: "narrow", node: indices.get(dependency.parent.id) ?? -1, mapping: dependency.mapping },
      ),
      level: levelOf(node.id),
    })),
    sink,
    ...(properties === undefined ? {} : { properties }),
  };
}

/** Nodes that `final` reaches through narrow dependencies alone, ancestors first: the indices of a stage. */
export function stageNodes<N extends StageMember<N>>(final: N): N[] {
  const order: N[] = [];
  const entered = new Set<NodeId>([final.id]);
  const stack: { readonly node: N; next: number }[] = [{ node: final, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const dependency = top.node.dependencies[top.next++];
    if (dependency === undefined) {
      order.push(top.node);
      stack.pop();
    } else if (dependency.kind === "narrow" && !entered.has(dependency.parent.id)) {
      entered.add(dependency.parent.id);
      stack.push({ node: dependency.parent, next: 0 });
    }
  }
  return order;
}

/**
 * The payloads of a stage's tasks. Made once for a stage; a task then costs as much as it has payloads and forks in its
 * tree, however long the chains between them are.
 */
export class StagePayloads<N extends StageMember<N>> {
  readonly #nodes: readonly N[];
  /** For each node, the nearest node at or above it, along one-to-one chains, that has a payload or several inputs. */
  readonly #stops: readonly (number | undefined)[];
  readonly #indices: ReadonlyMap<NodeId, number>;

  constructor(final: N) {
    this.#nodes = stageNodes(final);
    this.#indices = new Map(this.#nodes.map((node, index) => [node.id, index]));
    const stops: (number | undefined)[] = [];
    this.#nodes.forEach((node, index) => {
      const above: { readonly stop: number; readonly mapping: NarrowMapping }[] = [];
      for (const dependency of node.dependencies) {
        const stop = dependency.kind === "narrow" ? stops[this.#index(dependency.parent)] : undefined;
        if (dependency.kind === "narrow" && stop !== undefined) above.push({ stop, mapping: dependency.mapping });
      }
      const [only] = above;
      if (node.payload !== undefined || above.length > 1) stops.push(index);
      else if (only === undefined) stops.push(undefined);
      else stops.push(only.mapping.kind === "oneToOne" ? only.stop : index);
    });
    this.#stops = stops;
  }

  /** What the task of this partition of the stage's last node needs. Each (node, partition) once. */
  of(partition: number): StagePayload[] {
    return this.places(partition).map(({ node, partition: at }) => ({
      node,
      partition: at,
      payload: this.#nodes[node]?.payload?.(at),
    }));
  }

  /** Where the payloads of `of` stand, without asking for them. */
  places(partition: number): Omit<StagePayload, "payload">[] {
    const places: Omit<StagePayload, "payload">[] = [];
    const seen = new Set<string>();
    const pending: { readonly node: number; readonly partition: number }[] = [];
    const visit = (index: number, at: number): void => {
      const node = this.#stops[index];
      if (node === undefined || seen.has(`${node}:${at}`)) return;
      seen.add(`${node}:${at}`);
      pending.push({ node, partition: at });
    };
    visit(this.#nodes.length - 1, partition);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const node = this.#nodes[next.node];
      if (node === undefined) continue;
      if (node.payload !== undefined) places.push(next);
      for (const dependency of node.dependencies) {
        if (dependency.kind === "shuffle") continue;
        const parent = this.#index(dependency.parent);
        for (const above of parentPartitions(dependency.mapping, next.partition)) visit(parent, above);
      }
    }
    return places;
  }

  #index(node: N): number {
    return this.#indices.get(node.id) ?? -1;
  }
}
