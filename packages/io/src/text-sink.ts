import type { KernelDescription, Sink, SinkKernel } from "@gloam/plan";
import { PartFile } from "./part-file.ts";
import type { TextOutput } from "./text-output.ts";

/** Elements that are joined into one string. */
const groupLength = 512;

/** Writes each element as a line, `String(element)`; a task's result is a `PartFileResult`. */
export function textSink(output: TextOutput): KernelDescription {
  return { package: "@gloam/io", export: "textOutput", functions: [], data: output };
}

/** Kernel of `textSink`; its data is the `TextOutput`. */
export const textOutput: SinkKernel = {
  kind: "sink",
  open(context): Sink {
    const part = new PartFile(context.data as TextOutput, context.partition, context.stage, context.attempt);
    const lines: string[] = [];
    const flush = (): void => {
      if (lines.length === 0) return;
      lines.push("");
      part.append(lines.join("\n"));
      lines.length = 0;
    };
    return {
      emit(code) {
        const all = code.constant(lines);
        const write = code.constant(flush);
        code.line(`if (${all}.push(String(${code.value})) === ${groupLength}) ${write}();`);
      },
      finish() {
        flush();
        return part.finish();
      },
      commit: () => part.commit(),
      close: () => part.close(),
    };
  },
};
