import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";
import { createBucketCounter } from "./bucket-counter.ts";
import { numberCheck } from "./number-check.ts";

/** Gives how many of the elements, numbers, lie in each bucket between ascending bounds. */
export function histogramSink(bounds: readonly number[]): KernelDescription {
  return planKernel("histogramSinkKernel", [], bounds);
}

/** Kernel of `histogramSink`; data is the bounds. */
export const histogramSinkKernel: SinkKernel = {
  kind: "sink",
  open(context) {
    const counter = context.instantiate(createBucketCounter)(context.data as readonly number[]);
    return {
      emit(code) {
        numberCheck(code);
        code.line(`${code.constant(counter)}.add(${code.value});`);
      },
      finish: () => Array.from(counter.counts),
    };
  },
};
