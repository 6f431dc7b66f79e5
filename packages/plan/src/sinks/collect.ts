import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";

/** Gives the partition's elements as an array. */
export function collectSink(): KernelDescription {
  return planKernel("collectSinkKernel");
}

/** Kernel of `collectSink`. */
export const collectSinkKernel: SinkKernel = {
  kind: "sink",
  open() {
    const rows: unknown[] = [];
    return {
      emit(code) {
        code.line(`${code.constant(rows)}.push(${code.value});`);
      },
      finish: () => rows,
    };
  },
};
