import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";

/** Gives the number of elements. */
export function countSink(): KernelDescription {
  return planKernel("countSinkKernel");
}

/** Kernel of `countSink`. */
export const countSinkKernel: SinkKernel = {
  kind: "sink",
  open() {
    const count = new Float64Array(1);
    return {
      emit(code) {
        code.line(`${code.constant(count)}[0]++;`);
      },
      finish: () => count[0],
    };
  },
};
