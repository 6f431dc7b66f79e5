import { TextJoiner } from "@gloam/arrow";
import type { KernelDescription, Sink, SinkKernel } from "@gloam/plan";
import { PartFile } from "./part-file.ts";
import type { FileOutput } from "./file-output.ts";

/** Units of text that are written at once. */
const groupLength = 8 * 1024;

/** Writes each element as a line, `String(element)`; a task's result is a `PartFileResult`. */
export function textSink(output: FileOutput): KernelDescription {
  return { package: "@gloam/io", export: "textOutput", functions: [], data: output };
}

/** Kernel of `textSink`; its data is the `FileOutput`. */
export const textOutput: SinkKernel = {
  kind: "sink",
  open(context): Sink {
    const part = new PartFile(context.data as FileOutput, context);
    let pending = (): unknown => "";
    let setPending: ((text: unknown) => void) | undefined;
    const appendPending = (): void => {
      const text = pending();
      if (typeof text === "string" && text !== "") part.append(text);
      setPending?.("");
    };
    let joiner: TextJoiner | undefined;
    return {
      emit(code) {
        // Lines are added to a string, which V8 puts together when it is written: less work than an array of them that is joined.
        const text = code.variable('""');
        const append = code.constant((lines: string) => part.append(lines));
        pending = code.reader(text);
        setPending = code.setter(text);
        code.line(`${text} += String(${code.value}) + "\\n";`);
        code.line(`if (${text}.length >= ${groupLength}) { ${append}(${text}); ${text} = ""; }`);
      },
      takeJoined(rows, parts) {
        joiner ??= new TextJoiner([...parts, "\n"]);
        if (!joiner.begin(rows)) return false;
        appendPending();
        part.appendJoined(joiner, rows.length);
        return true;
      },
      finish() {
        appendPending();
        return part.finish();
      },
      commit: () => part.commit(),
      close: () => part.close(),
    };
  },
};
