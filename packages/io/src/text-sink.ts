import type { KernelDescription, Sink, SinkKernel } from "@gloam/plan";
import { PartFile } from "./part-file.ts";
import type { TextOutput } from "./text-output.ts";

/** Units of text that are written at once. */
const groupLength = 8 * 1024;

/** Writes each element as a line, `String(element)`; a task's result is a `PartFileResult`. */
export function textSink(output: TextOutput): KernelDescription {
  return { package: "@gloam/io", export: "textOutput", functions: [], data: output };
}

/** Kernel of `textSink`; its data is the `TextOutput`. */
export const textOutput: SinkKernel = {
  kind: "sink",
  open(context): Sink {
    const part = new PartFile(context.data as TextOutput, context.partition, context.stage, context.attempt);
    let rest: (() => unknown) | undefined;
    return {
      emit(code) {
        // Lines are added to a string, which V8 puts together when it is written: less work than an array of them that is joined.
        const text = code.variable('""');
        const append = code.constant((lines: string) => part.append(lines));
        rest = code.reader(text);
        code.line(`${text} += String(${code.value}) + "\\n";`);
        code.line(`if (${text}.length >= ${groupLength}) { ${append}(${text}); ${text} = ""; }`);
      },
      finish() {
        const text = rest?.();
        if (typeof text === "string" && text !== "") part.append(text);
        return part.finish();
      },
      commit: () => part.commit(),
      close: () => part.close(),
    };
  },
};
