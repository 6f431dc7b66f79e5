import { crc32 } from "node:zlib";
import { decodeBatches, readingSlices, type ColumnBatch } from "@gloam/arrow";
import { GloamError } from "@gloam/common";
import type { BatchReader, KernelDescription, ReaderKernel } from "@gloam/plan";
import type { CheckpointPart } from "./checkpoint-sink.ts";
import { locate } from "./file-location.ts";
import type { OpenFile } from "./file-system.ts";

/** What a task reads: a partition's file, and what is in it. Plain data. */
export interface CheckpointSplit extends CheckpointPart {
  readonly path: string;
}

/** Reads what `checkpointSink` wrote; the payload of a partition is its `CheckpointSplit`. */
export function checkpointSource(): KernelDescription {
  return { package: "@gloam/io", export: "checkpointReader", functions: [] };
}

/** Kernel of `checkpointSource`. */
export const checkpointReader: ReaderKernel = {
  kind: "reader",
  open(context): BatchReader {
    const { path, lengths, checksums } = context.payload as CheckpointSplit;
    let file: OpenFile | undefined;
    let chunk = 0;
    let position = 0;
    let batches: readonly ColumnBatch[] = [];
    let next = 0;
    return {
      next() {
        for (;;) {
          const columns = batches[next++];
          if (columns !== undefined) return { length: columns.length, columns };
          const length = lengths[chunk];
          if (length === undefined) return undefined;
          file ??= lost(path, () => locate(path).system.open(path));
          const bytes = readChunk(file, path, position, length);
          if (crc32(bytes) !== checksums[chunk])
            throw damaged(path, `its bytes at ${position} are others than were written`);
          batches = decodeBatches(bytes).flatMap((batch) => readingSlices(batch));
          next = 0;
          chunk++;
          position += length;
        }
      },
      close: () => file?.close(),
    };
  },
};

function readChunk(file: OpenFile, path: string, position: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const read = lost(path, () => file.read(bytes, done, length - done, position + done));
    if (read === 0) throw damaged(path, `it ends at ${position + done}`);
    done += read;
  }
  return bytes;
}

function lost<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (cause) {
    throw new GloamError("GLOAM_CHECKPOINT_LOST", `cannot read ${path}: ${String(cause)}`, { cause });
  }
}

function damaged(path: string, detail: string): GloamError {
  return new GloamError("GLOAM_CHECKPOINT_LOST", `${path} is not what was written: ${detail}`);
}
