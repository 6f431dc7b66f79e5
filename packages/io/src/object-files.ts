import { StreamReader } from "@gloam/arrow";
import { GloamError, isGloamError } from "@gloam/common";
import type { BatchReader, ReaderKernel } from "@gloam/plan";
import { openWhole } from "./compression.ts";
import { RangeReader } from "./range-reader.ts";
import type { FileSplit } from "./text-splits.ts";

/** Kernel of `objectFileNode`: the rows of files of Arrow IPC streams, as columns. The payload is the `FileSplit`. */
export const objectFiles: ReaderKernel = {
  kind: "reader",
  open: (context): BatchReader =>
    new RangeReader(context.payload as FileSplit, ({ path, fileBytes }) => {
      const stream = openWhole(path, fileBytes);
      const reader = new StreamReader((target, offset, length) => stream.read(target, offset, length));
      return {
        next() {
          context.checkCancelled();
          const batch = decoding(path, () => reader.next());
          return batch && { length: batch.length, columns: batch };
        },
        close: () => stream.close(),
      };
    }),
};

/** What is no such file is told with its name. */
function decoding<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!isGloamError(error) || error.code !== "GLOAM_BLOCK_CORRUPT") throw error;
    const told = error.message.slice(error.code.length + 2);
    throw new GloamError("GLOAM_INPUT_UNREADABLE", `${path} cannot be read as objects: ${told}`, {
      hint: "read what saveAsObjectFile has written, or Arrow IPC streams of plain types",
      cause: error,
    });
  }
}
