import { NodeReference, type GraphNode, type ValueGraph } from "./value-graph.ts";

/**
 * Finds out which nodes of several graphs are one object: the same object where it was captured, with an equal snapshot. An object
 * that changed between two captures is two objects, and so is everything that reaches it.
 *
 * @returns For each graph the number of each of its nodes among all; shared nodes have the same number, which is that of their
 *   first appearance.
 */
export function shareNodes(graphs: readonly ValueGraph[]): { numbers: Int32Array[]; count: number } {
  const different = graphs.length > 1 ? differentIdentities(graphs) : new Set<string>();
  const seen = new Map<string, number>();
  let count = 0;
  const numbers = graphs.map((graph) => {
    const own = new Int32Array(graph.nodes.length);
    graph.nodes.forEach((node, index) => {
      const key = graphs.length > 1 ? keyOf(graph, node) : undefined;
      const known = key === undefined || different.has(key) ? undefined : seen.get(key);
      own[index] = known ?? count++;
      if (key !== undefined && known === undefined) seen.set(key, own[index]);
    });
    return own;
  });
  return { numbers, count };
}

function keyOf(graph: ValueGraph, node: GraphNode): string | undefined {
  return node.identity === 0 ? undefined : `${graph.realm} ${node.identity}`;
}

/** Identities whose snapshots differ, or reach one that differs. */
function differentIdentities(graphs: readonly ValueGraph[]): Set<string> {
  const different = new Set<string>();
  const first = new Map<string, { graph: ValueGraph; node: GraphNode }>();
  const users = new Map<string, Set<string>>();
  for (const graph of new Set(graphs)) {
    for (const node of graph.nodes) {
      const key = keyOf(graph, node);
      if (key === undefined) continue;
      const other = first.get(key);
      if (other === undefined) first.set(key, { graph, node });
      else if (!same(node, graph, other.node, other.graph)) different.add(key);
      for (const used of referencesOf(node)) {
        const usedKey = keyOf(graph, graph.nodes[used.index] as GraphNode);
        if (usedKey === undefined) continue;
        let set = users.get(usedKey);
        if (set === undefined) users.set(usedKey, (set = new Set()));
        set.add(key);
      }
    }
  }
  // A Set visits what is added while it is walked.
  for (const key of different) for (const user of users.get(key) ?? []) different.add(user);
  return different;
}

/** Every reference that a node, or a part of one, holds. */
export function* referencesOf(value: unknown): Generator<NodeReference> {
  if (value instanceof NodeReference) yield value;
  else if (Array.isArray(value)) for (const item of value as unknown[]) yield* referencesOf(item);
  else if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    for (const item of Object.values(value)) yield* referencesOf(item);
  }
}

/** Whether two nodes, or parts of them, are equal when references stand for identities. */
function same(left: unknown, leftGraph: ValueGraph, right: unknown, rightGraph: ValueGraph): boolean {
  if (Object.is(left, right) && !(left instanceof NodeReference)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (left instanceof NodeReference) {
    if (!(right instanceof NodeReference)) return false;
    const one = leftGraph.nodes[left.index] as GraphNode;
    const other = rightGraph.nodes[right.index] as GraphNode;
    if (one.identity !== 0 || other.identity !== 0) return keyOf(leftGraph, one) === keyOf(rightGraph, other);
    return same(one, leftGraph, other, rightGraph);
  }
  if (left instanceof Uint8Array) return right instanceof Uint8Array && Buffer.compare(left, right) === 0;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => {
    const one = (left as Record<string, unknown>)[key];
    const other = (right as Record<string, unknown>)[key];
    if (typeof one === "number" && typeof other === "number") {
      // These are places in tables of the graph that they stand in.
      if (key === "code") return sameJson(leftGraph.codes[one], rightGraph.codes[other]);
      if (key === "module") return sameJson(leftGraph.modules[one], rightGraph.modules[other]);
    }
    return same(one, leftGraph, other, rightGraph);
  });
}

function sameJson(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
