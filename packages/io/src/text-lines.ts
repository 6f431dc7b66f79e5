import type { BatchReader, ReaderKernel } from "@gloam/plan";
import { FileStream, reading, type ByteStream } from "./byte-stream.ts";
import { compressionOf, decompress, headBytes } from "./compression.ts";
import { locate } from "./file-location.ts";
import type { OpenFile } from "./file-system.ts";
import { LineReader } from "./line-reader.ts";
import { NumberLists } from "./number-lists.ts";
import type { FileRange, FileSplit } from "./text-splits.ts";

const readBytes = 256 * 1024;

/** Kernel of `textFileNode`: the lines of a split, its ranges one after the other. The payload is the `FileSplit`. */
export const textLines: ReaderKernel = {
  kind: "reader",
  open(context): BatchReader {
    const { ranges } = context.payload as FileSplit;
    let next = 0;
    let reader: LineReader | undefined;
    /** What the readers of the ranges give, one after the other. */
    const first = <T>(read: (from: LineReader) => T | undefined): T | undefined => {
      for (;;) {
        const batch = reader && read(reader);
        if (batch !== undefined) return batch;
        reader?.close();
        reader = undefined;
        const range = ranges[next++];
        if (range === undefined) return undefined;
        reader = openLines(range);
      }
    };
    const close = (): void => reader?.close();
    return {
      next() {
        const rows = first((from) => from.next());
        return rows && { length: rows.length, rows };
      },
      texts: () => ({
        next() {
          const texts = first((from) => from.nextTexts());
          return texts && { length: texts.length, texts };
        },
        close,
      }),
      numbers(of) {
        const lists = new NumberLists(of);
        return {
          next: () => lists.next(() => first((from) => from.nextBytes())),
          close() {
            lists.close();
            close();
          },
        };
      },
      close,
    };
  },
};

/** Opens the lines of one range, decompressing the file where that is needed: it is one range then. */
function openLines(range: FileRange): LineReader {
  const { path, start, end, fileBytes } = range;
  const file = reading(path, () => locate(path).system.open(path));
  try {
    const compression = start === 0 && end === fileBytes ? compressionOf(path, headOf(path, file)) : undefined;
    if (compression !== undefined) {
      const stream = decompress(compression, path, new FileStream(path, file, 0, fileBytes));
      return lines(path, stream, true, Infinity, readBytes);
    }
    const from = Math.max(0, start - 1);
    const stream = new FileStream(path, file, from, fileBytes);
    return lines(path, stream, start === 0, end - from, Math.min(readBytes, fileBytes - from + 1));
  } catch (error) {
    file.close();
    throw error;
  }
}

function lines(path: string, stream: ByteStream, fileStart: boolean, ownedBytes: number, bytes: number): LineReader {
  return new LineReader({ path, stream, fileStart, ownedBytes, readBytes: bytes });
}

function headOf(path: string, file: OpenFile): Uint8Array {
  const head = new Uint8Array(headBytes);
  return head.subarray(
    0,
    reading(path, () => file.read(head, 0, headBytes, 0)),
  );
}
