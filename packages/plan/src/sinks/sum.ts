import { GloamError } from "@gloam/common";
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
    let added: () => unknown = () => 0;
    return {
      emit(code) {
        const sum = code.variable("0");
        added = code.reader(sum);
        code.line(`${sum} += ${code.value};`);
      },
      finish() {
        const sum = added();
        // A string stays one, whatever is added: looked at once, at the end.
        if (typeof sum === "number") return sum;
        const shown = String(sum).slice(0, 60);
        throw new GloamError(
          "GLOAM_ELEMENT_INVALID",
          `sum needs numbers, and these elements add up to the text '${shown}'`,
          {
            hint: "map them to numbers first: map(Number)",
          },
        );
      },
    };
  },
};
