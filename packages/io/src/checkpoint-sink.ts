import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { createBatchBuilder, planBatches, type ColumnBatch } from "@gloam/arrow";
import type { KernelDescription, Sink, SinkKernel } from "@gloam/plan";
import type { FileOutput } from "./file-output.ts";
import { createAttempt, writingSync } from "./part-file.ts";

/** Encoded bytes of a chunk, about. */
const chunkBytes = 1 << 20;

/** What a task wrote of a checkpoint: its chunks, one after the other, each an Arrow IPC stream. Plain data. */
export interface CheckpointPart {
  /** Bytes of each chunk. */
  readonly lengths: readonly number[];
  /** CRC-32 of each. */
  readonly checksums: readonly number[];
}

/** The name of a partition's file in a checkpoint's directory. */
export function checkpointFileName(partition: number): string {
  return `part-${String(partition).padStart(5, "0")}.arrows`;
}

/** Writes the elements of a partition as Arrow IPC streams; a task's result is a `CheckpointPart`. */
export function checkpointSink(output: FileOutput): KernelDescription {
  return { package: "@gloam/io", export: "checkpointWriter", functions: [], data: output };
}

/** Kernel of `checkpointSink`; its data is the output's directories. */
export const checkpointWriter: SinkKernel = {
  kind: "sink",
  open(context): Sink {
    const output = context.data as FileOutput;
    const name = checkpointFileName(context.partition);
    const final = join(output.staging, name);
    const attempt = join(output.attempts, `${name}.${context.stage}-${context.attempt}`);
    const [path, file] = createAttempt(attempt, (candidate) => openSync(candidate, "wx"));
    const builder = createBatchBuilder();
    const lengths: number[] = [];
    const checksums: number[] = [];
    let open = true;
    let committed = false;
    const write = (batch: ColumnBatch): void => {
      const chunk = planBatches([batch]);
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.write(bytes, 0);
      writingSync(path, () => {
        for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
      });
      lengths.push(bytes.length);
      checksums.push(crc32(bytes));
    };
    const append = (value: unknown): void => {
      if (!builder.append(value)) {
        write(builder.finish());
        builder.append(value);
      }
      if (builder.byteLength >= chunkBytes) write(builder.finish());
    };
    const close = (): void => {
      if (!open) return;
      open = false;
      writingSync(path, () => closeSync(file));
    };
    return {
      emit: (code) => code.line(`${code.constant(append)}(${code.value});`),
      finish(): CheckpointPart {
        if (builder.length > 0) write(builder.finish());
        close();
        return { lengths, checksums };
      },
      commit() {
        writingSync(final, () => renameSync(path, final));
        committed = true;
      },
      close() {
        close();
        if (!committed) writingSync(path, () => rmSync(path, { force: true }));
      },
    };
  },
};
