import { createBatchBuilder, StreamEncoder } from "@gloam/arrow";
import type { KernelDescription, Sink, SinkKernel } from "@gloam/plan";
import type { FileOutput } from "./file-output.ts";
import { PartFile } from "./part-file.ts";

/** The extension that Arrow's streams have. */
const extension = ".arrows";
const batchLength = 2 ** 16;
const batchBytes = 2 ** 20;
/** Rows between two looks at the bytes: one may be large. */
const rowsPerLook = 16;

/** Writes the elements as Arrow IPC streams; a task's result is a `PartFileResult`. */
export function objectSink(output: FileOutput): KernelDescription {
  return { package: "@gloam/io", export: "objectOutput", functions: [], data: output };
}

/** Kernel of `objectSink`; its data is the `FileOutput`. */
export const objectOutput: SinkKernel = {
  kind: "sink",
  open(context): Sink {
    const part = new PartFile(context.data as FileOutput, context, extension);
    const builder = createBatchBuilder();
    const encoder = new StreamEncoder();
    const flush = (): void => {
      if (builder.length === 0) return;
      part.appendBytes(encoder.encode(builder.view()));
      builder.clear();
    };
    const append = (element: unknown): void => {
      if (!builder.append(element)) {
        flush();
        builder.append(element);
      }
      if (builder.length >= batchLength || (builder.length % rowsPerLook === 0 && builder.byteLength >= batchBytes))
        flush();
    };
    return {
      holdsElements: true,
      emit(code) {
        code.line(`${code.constant(append)}(${code.value});`);
      },
      finish() {
        flush();
        part.appendBytes(encoder.finish());
        return part.finish();
      },
      commit: () => part.commit(),
      close: () => part.close(),
    };
  },
};
