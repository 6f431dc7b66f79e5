import type { RowKernel } from "../kernel.ts";
import type { PlanNode, TaskResources } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** The same elements, computed by tasks that have what they need. */
export function withResourcesNode(origin: NodeOrigin, parent: PlanNode, resources: TaskResources): PlanNode {
  const { partitioner } = parent;
  return oneToOneNode(origin, parent, planKernel("identityKernel"), { resources, partitioner, elementwise: true });
}

/** Hands elements on as they are. */
export const identityKernel: RowKernel = {
  kind: "row",
  ofTexts: () => "texts",
  emit(code) {
    const { text } = code;
    if (text === undefined) code.output(code.value);
    else code.outputText(text);
  },
};
