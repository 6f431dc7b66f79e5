import { createRandom, deriveSeed } from "@gloam/common";
import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** A part of the numbers from 0 to 1, and of which sequence of random ones. */
export interface SampleCell {
  /** The first number of the cell. */
  readonly from: number;
  /** The first number behind it. */
  readonly to: number;
  readonly seed: number;
}

/**
 * Each element gets a random number from 0 to below 1, and is kept where that lies in the cell: of cells of the same seed that do not
 * overlap, one at most keeps it. Keeps the partitioner.
 */
export function sampleCellNode(origin: NodeOrigin, parent: PlanNode, cell: SampleCell): PlanNode {
  return oneToOneNode(origin, parent, planKernel("sampleCellKernel", [], cell), {
    partitioner: parent.partitioner,
    orderSensitive: true,
  });
}

/** Kernel of `sampleCellNode`. */
export const sampleCellKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    const { from, to, seed } = context.data as SampleCell;
    const random = createRandom(deriveSeed(seed, context.partition));
    const drawn = code.local();
    code.line(`const ${drawn} = ${code.constant(random)}.next();`);
    code.line(`if (${drawn} < ${code.constant(from)} || ${drawn} >= ${code.constant(to)}) continue;`);
    code.output(code.value);
  },
};
