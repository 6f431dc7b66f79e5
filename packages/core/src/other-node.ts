import type { PlanNode } from "@gloam/plan";
import { invalid } from "./arguments.ts";
import type { Operation } from "./operation.ts";
import { Rdd } from "./rdd.ts";

/**
 * The node of another RDD that an operation works on.
 * @throws GloamError `GLOAM_ARGUMENT_INVALID` unless it is one of the same context
 */
export function otherNode(operation: Operation, other: unknown): PlanNode {
  if (!(other instanceof Rdd)) throw invalid(operation, "expected another RDD");
  if (other.context !== operation.context) throw invalid(operation, "the other RDD belongs to another context");
  return other.node;
}
