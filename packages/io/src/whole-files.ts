import type { BatchReader, ReaderKernel } from "@gloam/plan";
import { readBytes, readText } from "./read-whole.ts";
import type { FileSplit } from "./text-splits.ts";
import type { WholeFilesData } from "./whole-file-source.ts";

/** Files that are read for one batch: small ones, unless it is one alone. */
const batchBytes = 2 ** 20;
const batchFiles = 256;

/** Kernel of `wholeFilesNode`. The payload is the `FileSplit`. */
export const wholeFiles: ReaderKernel = {
  kind: "reader",
  open(context): BatchReader {
    const { ranges } = context.payload as FileSplit;
    const read = (context.data as WholeFilesData).as === "text" ? readText : readBytes;
    let next = 0;
    return {
      next() {
        const rows: [string, unknown][] = [];
        let bytes = 0;
        while (rows.length < batchFiles && bytes < batchBytes) {
          const range = ranges[next++];
          if (range === undefined) break;
          rows.push([range.path, read(range.path, range.fileBytes)]);
          bytes += range.fileBytes;
          context.checkCancelled();
        }
        return rows.length === 0 ? undefined : { length: rows.length, rows };
      },
    };
  },
};
