import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";
import { numberCheck } from "./number-check.ts";

/** Gives the sum of the elements, numbers, added in their order. */
export function sumSink(): KernelDescription {
  return planKernel("sumSinkKernel");
}

/** Kernel of `sumSink`. */
export const sumSinkKernel: SinkKernel = {
  kind: "sink",
  open() {
    let added: () => unknown = () => 0;
    return {
      emit(code) {
        const sum = code.variable("0");
        added = code.reader(sum);
        numberCheck(code);
        code.line(`${sum} += ${code.value};`);
      },
      finish: () => added(),
    };
  },
};
