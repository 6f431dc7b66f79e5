import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";

/** Gives the number of elements. */
export function countSink(): KernelDescription {
  return planKernel("countSinkKernel");
}

/** What `countSink` gives of a partition, from what it gives of its parts. */
export function joinCounted(pieces: readonly unknown[]): unknown {
  return (pieces as readonly number[]).reduce((a, b) => a + b, 0);
}

/** Kernel of `countSink`. */
export const countSinkKernel: SinkKernel = {
  kind: "sink",
  open() {
    let counted: () => unknown = () => 0;
    return {
      emit(code) {
        const count = code.variable("0");
        counted = code.reader(count);
        code.line(`${count}++;`);
      },
      finish: () => counted(),
    };
  },
};
