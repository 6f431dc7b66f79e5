/**
 * What a recomputed partition promises, across the whole lineage of a job.
 *
 * A node's own `determinism` says what it promises if its inputs repeat exactly. Its level is the worst of that and of
 * its inputs' levels, and:
 *
 * - a node that is `orderSensitive` (zipWithIndex, sample, take) turns an `unordered` input into `indeterminate` elements;
 * - so does an `orderSensitive` shuffle (round-robin, ranges bounded by a sample): with the order, the reducer of an
 *   element changes;
 * - a shuffle does not disorder: reducers consume map outputs in map order. (Spark's do not, so there every shuffle's
 *   output is at best unordered.)
 *
 * Map outputs that are `unordered` may be replaced one by one: every reducer still gets the same elements. Outputs that
 * are `indeterminate` may not once a reducer has read them: see `rollback.ts` (Spark: SPARK-23243).
 */
import type { Determinism, NodeId } from "@gloam/plan";
import type { GraphIndex } from "./graph-index.ts";
import type { GraphDependency, GraphNode } from "./graph.ts";

const rank: Readonly<Record<Determinism, number>> = { determinate: 0, unordered: 1, indeterminate: 2 };

/** Level of a node's partitions. Cost: the lineage once per job; called when something was lost only. */
function levelOf(graph: GraphIndex, id: NodeId): Determinism {
  const levels = graph.determinism;
  const stack = [id];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const node = graph.node(top);
    const before = stack.length;
    for (const { parent } of node.dependencies) if (!levels.has(parent)) stack.push(parent);
    if (stack.length > before) continue;
    stack.pop();
    levels.set(top, combine(node, levels));
  }
  return levels.get(id) ?? "determinate";
}

/** Level of the map outputs of the stage that ends in `parent` for that shuffle. */
export function shuffleLevel(graph: GraphIndex, parent: NodeId, orderSensitive: boolean): Determinism {
  return disturb(levelOf(graph, parent), orderSensitive);
}

function combine(node: GraphNode, levels: ReadonlyMap<NodeId, Determinism>): Determinism {
  let worst: Determinism = "determinate";
  for (const dependency of node.dependencies) worst = worse(worst, contribution(dependency, levels));
  return worse(node.determinism, disturb(worst, node.orderSensitive === true));
}

function contribution(dependency: GraphDependency, levels: ReadonlyMap<NodeId, Determinism>): Determinism {
  const level = levels.get(dependency.parent) ?? "determinate";
  return disturb(level, dependency.kind === "shuffle" && dependency.orderSensitive === true);
}

function disturb(level: Determinism, orderSensitive: boolean): Determinism {
  return orderSensitive && level === "unordered" ? "indeterminate" : level;
}

function worse(a: Determinism, b: Determinism): Determinism {
  return rank[a] >= rank[b] ? a : b;
}
