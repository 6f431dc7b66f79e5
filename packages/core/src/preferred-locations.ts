import { parentPartitions, type PlanNode } from "@gloam/plan";

/** Where a partition of a prepared node is best computed: what the nearest node above it says, depth first. */
export function preferredLocations(node: PlanNode, partition: number): readonly string[] {
  const pending = [{ node, partition }];
  const seen = new Set<string>();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const place = `${next.node.id}:${next.partition}`;
    if (seen.has(place)) continue;
    seen.add(place);
    const own = next.node.preferredLocations?.(next.partition) ?? [];
    if (own.length > 0) return own;
    // The first parent is looked at first.
    for (const dependency of next.node.dependencies.toReversed()) {
      if (dependency.kind === "shuffle") continue;
      for (const above of parentPartitions(dependency.mapping, next.partition).toReversed())
        pending.push({ node: dependency.parent, partition: above });
    }
  }
  return [];
}
