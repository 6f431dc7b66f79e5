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
    const state = { value: decodeValue(context.data as Uint8Array) };
    return {
      emit(code) {
        const name = code.constant(state);
        code.line(`${name}.value = ${code.userFunction(0)}(${name}.value, ${code.value});`);
      },
      finish: () => state.value,
    };
  },
};
