import type { CapturedFunction } from "@gloam/closure";
import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";

/** Calls `f(element)` for each element. */
export function forEachSink(f: CapturedFunction): KernelDescription {
  return planKernel("forEachSinkKernel", [f]);
}

/** Kernel of `forEachSink`. */
export const forEachSinkKernel: SinkKernel = {
  kind: "sink",
  open: () => ({
    emit(code) {
      code.line(`${code.userFunction(0)}(${code.value});`);
    },
    finish: () => undefined,
  }),
};
