import { coalesceNode, fixedCount, OperationNode, planKernel, repartitionNode, unionNode, type NodeOrigin, type PlanNode } from "@gloam/plan"; // prettier-ignore
import { expect, test } from "vitest";
import { preferredLocations } from "./preferred-locations.ts";

let ids = 0;
const origin: NodeOrigin = {
  operation: "test",
  callSite: undefined,
  ids: { nextNode: () => ++ids, nextShuffle: () => ++ids },
};

function source(hosts: readonly string[]): PlanNode {
  const kernel = planKernel("parallelizeKernel");
  const node = new OperationNode(origin, { dependencies: [], kernel, count: fixedCount(hosts.length) });
  return Object.assign(node, { preferredLocations: (partition: number) => hosts.slice(partition, partition + 1).filter((host) => host !== "") }); // prettier-ignore
}

test("what the nearest node above says, through narrow dependencies", () => {
  const union = unionNode(origin, [source(["a", ""]), source(["c"])]);
  expect([0, 1, 2].map((partition) => preferredLocations(union, partition))).toEqual([["a"], [], ["c"]]);
  const few = coalesceNode(origin, source(["", "b", "c"]), 1);
  expect(preferredLocations(few, 0)).toEqual(["b"]);
  expect(preferredLocations(repartitionNode(origin, union, 2), 0)).toEqual([]);
});
