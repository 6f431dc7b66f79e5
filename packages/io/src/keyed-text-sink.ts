import { pairCheck, type KernelDescription, type Sink, type SinkKernel } from "@gloam/plan";
import type { FileOutput } from "./file-output.ts";
import { KeyedParts } from "./keyed-parts.ts";

/** Writes the value of each pair as a line into the file of its key; a task's result is a `PartFileResult`. */
export function keyedTextSink(output: FileOutput): KernelDescription {
  return { package: "@gloam/io", export: "keyedTextOutput", functions: [], data: output };
}

/** Kernel of `keyedTextSink`; its data is the `FileOutput`. */
export const keyedTextOutput: SinkKernel = {
  kind: "sink",
  open(context): Sink {
    const parts = new KeyedParts(context.data as FileOutput, context);
    return {
      emit(code) {
        const key = code.local();
        const append = code.constant((of: unknown, line: unknown) => parts.append(of, line));
        code.line(`const ${key} = ${code.value}[0];`);
        code.line(pairCheck(code, key));
        code.line(`${append}(${key}, ${code.value}[1]);`);
      },
      finish: () => parts.finish(),
      commit: () => parts.commit(),
      close: () => parts.close(),
    };
  },
};
