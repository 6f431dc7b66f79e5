import { decodeBatches, decodeValue, encodeBatches, encodeValue, rowsOf, type ColumnBatch } from "@gloam/arrow";

/** One sorted run of a map task: chunks in the order of their keys. */
export interface RunSketch {
  /** Number of its first chunk in the task's output. */
  readonly firstChunk: number;
  /** The first key of each chunk. */
  readonly firstKeys: readonly unknown[];
  /** Keys from the middle of each of so many equal parts of the run. */
  readonly samples: readonly unknown[];
  /** Rows of the run. */
  readonly rows: number;
}

/** What a map task tells the reducers of its sorted output. */
export interface SortSketch {
  /** Number of reduce partitions. */
  readonly partitions: number;
  readonly runs: readonly RunSketch[];
}

/** A sketch as it travels: the keys of a run, those of chunks and then samples, are Arrow batches. */
interface EncodedSketch {
  readonly partitions: number;
  readonly runs: readonly (Pick<RunSketch, "firstChunk" | "rows"> & {
    readonly chunks: number;
    readonly keys: Uint8Array;
  })[];
}

/** A run before its keys are encoded. */
export interface RunKeys extends Pick<RunSketch, "firstChunk" | "rows"> {
  readonly chunks: number;
  /** First keys of the chunks, then samples. */
  readonly keys: readonly ColumnBatch[];
}

export function encodeSketch(partitions: number, runs: readonly RunKeys[]): Uint8Array {
  const sketch: EncodedSketch = {
    partitions,
    runs: runs.map(({ firstChunk, rows, chunks, keys }) => ({ firstChunk, rows, chunks, keys: encodeBatches(keys) })),
  };
  return encodeValue(sketch);
}

export function decodeSketch(bytes: Uint8Array): SortSketch {
  const { partitions, runs } = decodeValue(bytes) as EncodedSketch;
  return {
    partitions,
    runs: runs.map(({ firstChunk, rows, chunks, keys: encoded }) => {
      const keys = decodeBatches(encoded).flatMap((batch) => rowsOf(batch));
      return { firstChunk, rows, firstKeys: keys.slice(0, chunks), samples: keys.slice(chunks) };
    }),
  };
}

/** The keys of one reduce partition: from `lower` to below `upper`; undefined is no bound. */
export interface KeyRange {
  readonly lower: { readonly key: unknown } | undefined;
  readonly upper: { readonly key: unknown } | undefined;
  /** No key can lie here: the bounds are equal. */
  readonly empty: boolean;
}

/**
 * The range of a reduce partition. Every reducer derives the same bounds from all sketches: each sample stands for its part
 * of a run, and the bounds cut the weighted sequence into equal parts. Equal keys never lie on both sides of a
 * bound, so a key that is very frequent leaves partitions empty.
 */
export function rangeOf(
  sketches: readonly SortSketch[],
  partition: number,
  compare: (a: unknown, b: unknown) => number,
): KeyRange {
  const partitions = sketches[0]?.partitions ?? 1;
  const samples = sketches.flatMap(({ runs }) =>
    runs.flatMap((run) => run.samples.map((key) => ({ key, rows: run.rows / run.samples.length }))),
  );
  samples.sort((a, b) => compare(a.key, b.key));
  const total = samples.reduce((sum, { rows }) => sum + rows, 0);
  const bound = (index: number): { readonly key: unknown } | undefined => {
    if (index <= 0 || index >= partitions) return undefined;
    const wanted = (total * index) / partitions;
    let before = 0;
    for (const sample of samples) {
      before += sample.rows;
      if (before > wanted) return sample;
    }
    return samples.at(-1);
  };
  const lower = bound(partition);
  const upper = bound(partition + 1);
  return { lower, upper, empty: lower !== undefined && upper !== undefined && compare(lower.key, upper.key) >= 0 };
}

/** The chunks of a run that can have keys of a range: numbers within the run. */
export function chunksOf(
  run: RunSketch,
  { lower, upper }: KeyRange,
  compare: (a: unknown, b: unknown) => number,
): { readonly from: number; readonly to: number } {
  const chunks = run.firstKeys.length;
  const before = (key: unknown): number => firstNotBefore(chunks, (chunk) => run.firstKeys[chunk], key, compare);
  // The chunk before the first that begins at or after the lower bound may end with keys of the range.
  const from = lower === undefined ? 0 : Math.max(0, before(lower.key) - 1);
  const to = upper === undefined ? chunks : before(upper.key);
  return { from, to: Math.max(from, to) };
}

/** The first of `length` sorted keys that does not come before `key`; `length` where all do. */
export function firstNotBefore(
  length: number,
  keyAt: (index: number) => unknown,
  key: unknown,
  compare: (a: unknown, b: unknown) => number,
): number {
  let from = 0;
  let to = length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compare(keyAt(middle), key) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
