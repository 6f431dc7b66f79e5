import type { BatchReader, ReaderKernel } from "@gloam/plan";
import { FileStream, reading } from "./byte-stream.ts";
import { locate } from "./file-location.ts";
import { RangeReader } from "./range-reader.ts";
import type { RecordData } from "./record-source.ts";
import type { FileSplit } from "./text-splits.ts";

/** Bytes that are read at once, unless one record is longer. */
const readBytes = 256 * 1024;
const batchLength = 4096;

/** Kernel of `binaryRecordsNode`. The payload is the `FileSplit`, whose ranges begin and end between records. */
export const binaryRecords: ReaderKernel = {
  kind: "reader",
  open(context): BatchReader {
    const { recordBytes } = context.data as RecordData;
    const records = Math.min(batchLength, Math.max(1, Math.floor(readBytes / recordBytes)));
    const buffer = new Uint8Array(records * recordBytes);
    return new RangeReader(context.payload as FileSplit, ({ path, start, end }) => {
      const file = reading(path, () => locate(path).system.open(path));
      const stream = new FileStream(path, file, start, end);
      return {
        next() {
          context.checkCancelled();
          let length = 0;
          for (let read = -1; read !== 0 && length < buffer.length; length += read) {
            read = stream.read(buffer, length, buffer.length - length);
          }
          if (length === 0) return undefined;
          const rows: Uint8Array[] = [];
          // Each has bytes of its own: whoever keeps one keeps no others.
          for (let at = 0; at < length; at += recordBytes) rows.push(buffer.slice(at, at + recordBytes));
          return { length: rows.length, rows };
        },
        close: () => stream.close(),
      };
    });
  },
};
