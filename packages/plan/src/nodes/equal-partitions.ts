import { GloamError } from "@gloam/common";
import type { PlanNode } from "../node.ts";
import { oneToOne, OperationNode, type NodeOrigin, type NodeParts } from "../operation-node.ts";
import { countOf, sameCount } from "../partition-count.ts";

/**
 * A node whose partitions each come from the partitions of the same number of several parents. Numbers of partitions that differ are
 * refused when the node is made, or where they depend on files, by the first job.
 *
 * @throws GloamError `GLOAM_ZIP_UNEQUAL`
 */
export function equalPartitionsNode(
  origin: NodeOrigin,
  parents: readonly PlanNode[],
  parts: Pick<NodeParts, "kernel"> & Partial<NodeParts>,
): PlanNode {
  const counts = parents.map(countOf);
  const check = (): void => {
    const numbers = counts.map((count) => count.value());
    if (new Set(numbers).size <= 1) return;
    const { operation, callSite } = origin;
    throw new GloamError("GLOAM_ZIP_UNEQUAL", `the RDDs have ${numbers.join(" and ")} partitions`, {
      operation,
      callSite,
    });
  };
  const [first] = counts;
  if (first === undefined) throw new RangeError("expected at least one parent");
  const known = counts.every((count) => count.known);
  if (known) check();
  const isSettled = known || counts.every((count) => sameCount(count, first));
  return new OperationNode(origin, {
    dependencies: parents.map(oneToOne),
    count: first,
    ...(isSettled ? {} : { prepare: async () => check() }),
    ...parts,
  });
}
