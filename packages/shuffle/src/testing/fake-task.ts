import { decodeBatches, rowsOf, type ColumnBatch } from "@gloam/arrow";
import type {
  Batch,
  BatchReader,
  KernelContext,
  KernelInput,
  OutputWriter,
  PlannedChunk,
  ReaderKernel,
  RowCode,
  ScratchFile,
  ShuffleSegment,
  Sink,
  SinkKernel,
  TaskMemory,
} from "@gloam/plan";
import type { MapOutputResult } from "../map-output.ts";

/** Memory with a hard limit, and scratch files in memory. */
export class FakeMemory implements TaskMemory {
  held = 0;
  peak = 0;
  scratchFiles = 0;
  scratchBytes = 0;
  /** Asked for and refused. */
  refusals = 0;
  readonly guaranteed: number;
  readonly heapBudget: number;
  readonly #limit: number;

  constructor(limit: number, guaranteed = limit, heapBudget = limit) {
    this.#limit = limit;
    this.guaranteed = guaranteed;
    this.heapBudget = heapBudget;
  }

  acquire(bytes: number): boolean {
    if (bytes < 0) throw new Error(`acquire(${bytes})`);
    if (this.held + bytes > this.#limit) {
      this.refusals++;
      return false;
    }
    this.held += bytes;
    this.peak = Math.max(this.peak, this.held);
    return true;
  }

  release(bytes: number): void {
    this.held -= bytes;
    if (this.held < 0) throw new Error(`released ${-this.held} bytes too many`);
  }

  createScratch(): ScratchFile {
    this.scratchFiles++;
    const pieces = new Map<number, Uint8Array>();
    let length = 0;
    let open = true;
    return {
      get length() {
        return length;
      },
      append: (bytes) => {
        if (!open) throw new Error("scratch file is deleted");
        const offset = length;
        pieces.set(offset, bytes.slice());
        length += bytes.byteLength;
        this.scratchBytes += bytes.byteLength;
        return offset;
      },
      read: (offset, size) => {
        if (!open) throw new Error("scratch file is deleted");
        const piece = pieces.get(offset);
        if (piece?.byteLength === size) return piece.slice();
        return Buffer.concat([...pieces.values()]).subarray(offset, offset + size);
      },
      delete: () => {
        if (open) this.scratchFiles--;
        open = false;
      },
    };
  }

  createScratchDirectory(): never {
    throw new Error("no directories here");
  }
}

/** A committed output: chunks by segment. */
export interface FakeOutput {
  readonly segments: readonly (readonly Uint8Array[])[];
  readonly sketch: Uint8Array | undefined;
  readonly sizes: Float64Array;
}

export interface FakeTask {
  readonly memory?: TaskMemory;
  readonly functions?: readonly ((...values: never[]) => unknown)[];
  readonly data?: unknown;
  readonly partition?: number;
  readonly checkCancelled?: () => void;
}

function fakeContext(task: FakeTask): KernelContext {
  return {
    stage: 0,
    partition: task.partition ?? 0,
    attempt: 0,
    textUses: [],
    functions: task.functions ?? [],
    data: task.data,
    payload: undefined,
    memory: task.memory ?? new FakeMemory(1 << 30),
    output: { create: (segments) => new FakeOutputWriter(segments) },
    instantiate,
    checkCancelled: task.checkCancelled ?? (() => {}),
    onCompletion: () => {},
  };
}

const compiled = new Map<string, unknown>();

function instantiate<F extends (...values: never[]) => unknown>(template: F): F {
  const text = String(template);
  let copy = compiled.get(text);
  if (copy === undefined)
    compiled.set(text, (copy = (new Function(`"use strict"; return (${text});`) as () => unknown)()));
  return copy as F;
}

class FakeOutputWriter implements OutputWriter {
  readonly #segments: Uint8Array[][];

  constructor(segments: number) {
    this.#segments = Array.from({ length: segments }, () => []);
  }

  append(segment: number, chunk: Uint8Array | PlannedChunk): void {
    const bytes = new Uint8Array(chunk.byteLength);
    if (chunk instanceof Uint8Array) bytes.set(chunk);
    else chunk.write(bytes, 0);
    this.#segments[segment]!.push(bytes);
  }

  commit(): { handle: unknown; sizes: Float64Array } {
    const sizes = this.#segments.map((chunks) => chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
    return { handle: this.#segments, sizes: Float64Array.from(sizes) };
  }

  abort(): void {}
}

/** Runs rows through a sink in a generated loop, as the stage compiler does. */
export function writeRows(kernel: SinkKernel, task: FakeTask, rows: readonly unknown[]): FakeOutput {
  const context = fakeContext(task);
  const sink = kernel.open(context);
  try {
    const names: string[] = [];
    const constants: unknown[] = [];
    const lines: string[] = [];
    const bind = (value: unknown): string => {
      names.push(`c${names.length}`);
      constants.push(value);
      return names.at(-1)!;
    };
    const code: RowCode = {
      value: "v0",
      text: undefined,
      keyedText: undefined,
      reader: () => () => undefined,
      setter: () => () => undefined,
      userFunction: (index) => bind(context.functions[index]),
      constant: bind,
      variable: (initial) => `state.${bind(initial)}`,
      local: () => `v${lines.length}_${names.push(`unused${names.length}`) && constants.push(undefined)}`,
      line: (text) => lines.push(text),
      loop: (header) => lines.push(header),
      output: refuseOutput,
      outputText: refuseOutput,
      outputKeyedText: refuseOutput,
      stop: "return;",
    };
    sink.emit(code);
    type Loop = (rows: readonly unknown[], from: number, to: number) => void;
    const factory = new Function(
      ...names,
      `"use strict"; return function loop(rows, from, to) { for (let i = from; i < to; i++) { const v0 = rows[i];\n${lines.join("\n")}\n} };`,
    ) as (...bound: unknown[]) => Loop;
    const loop = factory(...constants);
    for (let from = 0; from < rows.length; from += 1000) {
      loop(rows, from, Math.min(rows.length, from + 1000));
      sink.afterBatch?.();
    }
    const { handle, sizes, sketch } = sink.finish() as {
      handle: Uint8Array[][];
      sizes: Float64Array;
      sketch?: Uint8Array;
    };
    return { segments: handle, sketch, sizes };
  } finally {
    sink.close?.();
  }
}

/** Lets a sink be given what it takes without a loop. */
export function writeWhole(kernel: SinkKernel, task: FakeTask, give: (sink: Sink) => void): FakeOutput {
  const sink = kernel.open(fakeContext(task));
  try {
    give(sink);
    const { handle, sizes, sketch } = sink.finish() as MapOutputResult;
    return { segments: handle as Uint8Array[][], sketch, sizes };
  } finally {
    sink.close?.();
  }
}

/** The rows of a segment of an output. */
export function rowsOfSegment(output: FakeOutput, segment: number): unknown[] {
  return output.segments[segment]!.flatMap((chunk) => decodeBatches(chunk).flatMap((batch) => rowsOf(batch)));
}

class BatchList implements BatchReader {
  readonly #batches: readonly Batch[];
  #at = 0;

  constructor(batches: readonly Batch[]) {
    this.#batches = batches;
  }

  next(): Batch | undefined {
    return this.#batches[this.#at++];
  }
}

class AsyncBatchList extends BatchList {
  #asked = false;

  ready(): Promise<void> | undefined {
    this.#asked = !this.#asked;
    return this.#asked ? Promise.resolve() : undefined;
  }
}

/** What reduce partition `partition` reads of a shuffle. */
export function shuffleInput(outputs: readonly FakeOutput[], partition: number): KernelInput {
  const segments = outputs.map((output): ShuffleSegment => {
    const chunks = output.segments[Math.min(partition, output.segments.length - 1)]!;
    return {
      sketch: output.sketch,
      chunks: chunks.length,
      open: (from = 0, to = chunks.length) =>
        new BatchList(chunks.slice(from, to).flatMap((chunk) => decodeBatches(chunk).map(batchOf))),
    };
  });
  return {
    segments,
    open: () => {
      const readers = segments.map((segment) => segment.open());
      return {
        next() {
          for (let reader = readers[0]; reader !== undefined; readers.shift(), reader = readers[0]) {
            const batch = reader.next();
            if (batch !== undefined) return batch;
          }
          return undefined;
        },
      };
    },
  };
}

function batchOf(columns: ColumnBatch): Batch {
  return { length: columns.length, columns };
}

/** A narrow input: rows in batches of `size`. */
export function rowsInput(rows: readonly unknown[], size = 1000, asynchronous = false): KernelInput {
  const batches: Batch[] = [];
  for (let from = 0; from < rows.length; from += size) {
    const piece = rows.slice(from, from + size);
    batches.push({ length: piece.length, rows: piece });
  }
  return { segments: undefined, open: () => (asynchronous ? new AsyncBatchList(batches) : new BatchList(batches)) };
}

/** Everything that a reader kernel gives. */
export function readRows(kernel: ReaderKernel, task: FakeTask, inputs: readonly KernelInput[]): unknown[] {
  const reader = kernel.open(fakeContext(task), inputs);
  const rows: unknown[] = [];
  try {
    for (let batch = reader.next(); batch !== undefined; batch = reader.next()) pushRows(rows, batch);
  } finally {
    reader.close?.();
  }
  return rows;
}

/** Likewise, awaiting what is asynchronous. */
export async function readRowsAsync(
  kernel: ReaderKernel,
  task: FakeTask,
  inputs: readonly KernelInput[],
): Promise<unknown[]> {
  const reader = kernel.open(fakeContext(task), inputs);
  const rows: unknown[] = [];
  try {
    for (;;) {
      await reader.ready?.();
      const batch = reader.next();
      if (batch === undefined) return rows;
      pushRows(rows, batch);
    }
  } finally {
    reader.close?.();
  }
}

function pushRows(rows: unknown[], batch: Batch): void {
  const values = batch.rows ?? rowsOf(batch.columns);
  for (let i = 0; i < batch.length; i++) rows.push(values[i]);
}

function refuseOutput(): never {
  throw new Error("a sink has no output");
}
