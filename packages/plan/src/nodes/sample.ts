import { createRandom, deriveSeed } from "@gloam/common";
import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { poissonSource } from "./poisson.ts";

/** How to sample: each element with probability `fraction`, or `fraction` times on average where `replacement`. */
export interface Sampling {
  readonly replacement: boolean;
  readonly fraction: number;
  readonly seed: number;
}

/** Takes a random part of the elements: the same whenever seed, partitions and their order are. Keeps the partitioner. */
export function sampleNode(origin: NodeOrigin, parent: PlanNode, sampling: Sampling): PlanNode {
  return oneToOneNode(origin, parent, planKernel("sampleKernel", [], sampling), {
    partitioner: parent.partitioner,
    orderSensitive: true,
  });
}

/** Kernel of `sampleNode`. */
export const sampleKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    const { replacement, fraction, seed } = context.data as Sampling;
    const source = createRandom(deriveSeed(seed, context.partition));
    const random = (): number => source.next();
    if (replacement) {
      const copies = code.local();
      const draw = code.constant(poissonSource(fraction, random));
      code.loop(`for (let ${copies} = ${draw}(); ${copies} > 0; ${copies}--) {`);
    } else {
      code.line(`if (${code.constant(random)}() >= ${code.constant(fraction)}) continue;`);
    }
    code.output(code.value);
  },
};
