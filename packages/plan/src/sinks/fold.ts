import { decodeValue } from "@gloam/arrow";
import type { CapturedFunction } from "@gloam/closure";
import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";

/** Gives `f(f(zero, first), second)` and so on, from a fresh copy of the encoded zero. */
export function foldSink(zero: Uint8Array, f: CapturedFunction): KernelDescription {
  return planKernel("foldSinkKernel", [f], zero);
}

/** Kernel of `foldSink`; data is the encoded zero. */
export const foldSinkKernel: SinkKernel = {
  kind: "sink",
  open(context) {
    const zero: unknown = decodeValue(context.data as Uint8Array);
    let folded: () => unknown = () => zero;
    return {
      emit(code) {
        const value = code.variable(code.constant(zero));
        folded = code.reader(value);
        code.line(`${value} = ${code.userFunction(0)}(${value}, ${code.value});`);
      },
      finish: () => folded(),
    };
  },
};
