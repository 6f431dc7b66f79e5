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
    let isEmpty: () => unknown = () => true;
    let reduced: () => unknown = () => undefined;
    return {
      holdsElements: true,
      emit(code) {
        const empty = code.variable("true");
        const value = code.variable("undefined");
        isEmpty = code.reader(empty);
        reduced = code.reader(value);
        code.line(`if (${empty}) { ${empty} = false; ${value} = ${code.value}; }`);
        code.line(`else ${value} = ${code.userFunction(0)}(${value}, ${code.value});`);
      },
      finish: (): Reduced => (isEmpty() === true ? { empty: true } : { empty: false, value: reduced() }),
    };
  },
};
