import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";

/** Gives the sum of the elements, numbers, added in their order. */
export function sumSink(): KernelDescription {
  return planKernel("sumSinkKernel");
}

/** Kernel of `sumSink`. */
export const sumSinkKernel: SinkKernel = {
  kind: "sink",
  open() {
    const sum = new Float64Array(1);
    return {
      emit(code) {
        code.line(`${code.constant(sum)}[0] += ${code.value};`);
      },
      finish: () => sum[0],
    };
  },
};
