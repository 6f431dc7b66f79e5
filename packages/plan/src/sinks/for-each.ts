import type { CapturedFunction } from "@gloam/closure";
import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";
import { emitPromiseRefusal } from "../refuse-promise.ts";

/** Calls `f(element)` for each element. */
export function forEachSink(f: CapturedFunction): KernelDescription {
  return planKernel("forEachSinkKernel", [f]);
}

/** Kernel of `forEachSink`. */
export const forEachSinkKernel: SinkKernel = {
  kind: "sink",
  open: () => ({
    emit(code) {
      const result = code.local();
      code.line(`const ${result} = ${code.userFunction(0)}(${code.value});`);
      emitPromiseRefusal(code, result);
    },
    finish: () => undefined,
  }),
};
