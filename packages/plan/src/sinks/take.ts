import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";

/** Gives the partition's first elements, `limit` at most and at least one, and ends the partition there. */
export function takeSink(limit: number): KernelDescription {
  return planKernel("takeSinkKernel", [], limit);
}

/** Kernel of `takeSink`; data is the limit. */
export const takeSinkKernel: SinkKernel = {
  kind: "sink",
  open(context) {
    const rows: unknown[] = [];
    return {
      holdsElements: true,
      emit(code) {
        code.line(`if (${code.constant(rows)}.push(${code.value}) >= ${code.constant(context.data)}) ${code.stop}`);
      },
      finish: () => rows,
    };
  },
};
