import type { CapturedFunction } from "@gloam/closure";
import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";

/** What a partition reduces to; an empty one to nothing. */
export type Reduced = { readonly empty: true } | { readonly empty: false; readonly value: unknown };

/** Gives `Reduced`: `f(f(first, second), third)` and so on. */
export function reduceSink(f: CapturedFunction): KernelDescription {
  return planKernel("reduceSinkKernel", [f]);
}

/** Kernel of `reduceSink`. */
export const reduceSinkKernel: SinkKernel = {
  kind: "sink",
  open() {
    const state: { empty: boolean; value: unknown } = { empty: true, value: undefined };
    return {
      emit(code) {
        const name = code.constant(state);
        code.line(`if (!${name}.empty) ${name}.value = ${code.userFunction(0)}(${name}.value, ${code.value});`);
        code.line(`else { ${name}.empty = false; ${name}.value = ${code.value}; }`);
      },
      finish: (): Reduced => (state.empty ? { empty: true } : { empty: false, value: state.value }),
    };
  },
};
