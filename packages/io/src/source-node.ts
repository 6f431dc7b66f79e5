import { OperationNode, type NodeOrigin, type PlanNode } from "@gloam/plan";

/**
 * A node without parents whose partitions are found by the first job that needs it.
 *
 * @param kernel Name of this package's reader kernel, which gets what `list` gave for its partition as payload.
 */
export function sourceNode(
  origin: NodeOrigin,
  kernel: string,
  list: () => Promise<readonly unknown[]>,
  data?: unknown,
): PlanNode {
  let splits: readonly unknown[] | undefined;
  return new OperationNode(origin, {
    dependencies: [],
    kernel: { package: "@gloam/io", export: kernel, functions: [], ...(data === undefined ? {} : { data }) },
    count: {
      get known() {
        return splits !== undefined;
      },
      value: () => splits?.length ?? 0,
    },
    async prepare() {
      splits = await list();
    },
    payload: (partition) => splits?.[partition],
  });
}
