import { decodeValue, encodeValue } from "@gloam/arrow";
import { encodeKeys, KeyList } from "./key-list.ts";
import { sampleQuantile, type SampleList } from "./sample-quantile.ts";

/** Chunks of a run, and samples of a run and of a task, for each reduce partition, so that little is read in vain. */
export const piecesPerPartition = 8;
/** Rows for which a sample stands at least. */
const fewestSampledRows = 32;

type Compare = (a: unknown, b: unknown) => number;

/** What a map task tells the reducers of its sorted output. */
export interface SortSketch {
  /** Number of reduce partitions. */
  readonly partitions: number;
  /** Rows of the task. */
  readonly rows: number;
  readonly samples: SampleList;
  readonly runs: readonly RunSketch[];
}

/** One sorted run of a map task: chunks in the order of their keys. */
export interface RunSketch {
  /** Number of its first chunk in the task's output. */
  readonly firstChunk: number;
  readonly chunks: number;
  /** The first key of a chunk, by its number in the run. */
  readonly firstKey: (chunk: number) => unknown;
}

/** A run as its writer knows it; runs come in the order of their chunks. */
export interface RunKeys {
  readonly rows: number;
  /** The first key of each chunk. */
  readonly firstKeys: readonly unknown[];
  /** Keys in order, each of which stands for as many of the run's rows. */
  readonly samples: readonly unknown[];
}

/** A sketch as it travels. */
interface EncodedSketch {
  readonly partitions: number;
  readonly rows: number;
  readonly samples: Uint8Array;
  /** Chunks of each run. */
  readonly chunks: readonly number[];
  /** The first keys of all chunks. */
  readonly firstKeys: Uint8Array;
}

/** How many samples so many rows should have. */
export function sampleCount(rows: number, partitions: number): number {
  return Math.ceil(rows / Math.max(fewestSampledRows, Math.ceil(rows / (partitions * piecesPerPartition))));
}

/**
 * Runs are short and many, and every reducer gets the sketches of all tasks: a task has no more samples than a run, those
 * that cut the samples of its runs into equal parts.
 */
export function encodeSketch(partitions: number, runs: readonly RunKeys[], compare: Compare): Uint8Array {
  const rows = runs.reduce((sum, run) => sum + run.rows, 0);
  const sketch: EncodedSketch = {
    partitions,
    rows,
    samples: encodeKeys(
      runs.length === 1 ? runs[0]!.samples : mixSamples(runs, sampleCount(rows, partitions), compare),
    ),
    chunks: runs.map(({ firstKeys }) => firstKeys.length),
    firstKeys: encodeKeys(runs.flatMap(({ firstKeys }) => firstKeys)),
  };
  return encodeValue(sketch);
}

/** Of the samples of several runs, those in the middle of each of `count` equal parts of their rows. */
function mixSamples(runs: readonly RunKeys[], count: number, compare: Compare): unknown[] {
  const samples = runs.flatMap(({ rows, samples: keys }) => keys.map((key) => ({ key, rows: rows / keys.length })));
  samples.sort((a, b) => compare(a.key, b.key));
  const total = samples.reduce((sum, { rows }) => sum + rows, 0);
  const chosen: unknown[] = [];
  let behind = 0;
  for (const { key, rows } of samples) {
    behind += rows;
    while (chosen.length < count && behind > ((chosen.length + 0.5) * total) / count) chosen.push(key);
  }
  return chosen;
}

export function decodeSketch(bytes: Uint8Array): SortSketch {
  const { partitions, rows, samples, chunks: chunksOfRuns, firstKeys } = decodeValue(bytes) as EncodedSketch;
  const keys = new KeyList(firstKeys);
  let next = 0;
  const runs = chunksOfRuns.map((chunks): RunSketch => {
    const firstChunk = next;
    next += chunks;
    return { firstChunk, chunks, firstKey: (chunk) => keys.at(firstChunk + chunk) };
  });
  const sampled = new KeyList(samples);
  return {
    partitions,
    rows,
    samples: { length: sampled.length, at: (index) => sampled.at(index), weight: rows / Math.max(1, sampled.length) },
    runs,
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
 * of a task, and the bounds cut the sequence of all samples into parts of equal weight. Equal keys never lie on both sides of a
 * bound, so a key that is very frequent leaves partitions empty.
 */
export function rangeOf(sketches: readonly SortSketch[], partition: number, compare: Compare): KeyRange {
  const partitions = sketches[0]?.partitions ?? 1;
  const samples = sketches.map((sketch) => sketch.samples);
  const rows = sketches.reduce((sum, sketch) => sum + sketch.rows, 0);
  const bound = (index: number): { readonly key: unknown } | undefined =>
    index <= 0 || index >= partitions ? undefined : sampleQuantile(samples, (rows * index) / partitions, compare);
  const lower = bound(partition);
  const upper = bound(partition + 1);
  return { lower, upper, empty: lower !== undefined && upper !== undefined && compare(lower.key, upper.key) >= 0 };
}

/** The chunks of a run that can have keys of a range: numbers within the run. */
export function chunksOf(
  run: RunSketch,
  { lower, upper }: KeyRange,
  compare: Compare,
): { readonly from: number; readonly to: number } {
  const { chunks, firstKey } = run;
  const before = (key: unknown): number => firstNotBefore(chunks, firstKey, key, compare);
  // The chunk before the first that begins at or after the lower bound may end with keys of the range.
  const from = lower === undefined ? 0 : Math.max(0, before(lower.key) - 1);
  const to = upper === undefined ? chunks : before(upper.key);
  return { from, to: Math.max(from, to) };
}

/** Keys from one to another, both included, in the order of a sort. */
export interface KeySpan {
  readonly first: unknown;
  readonly last: unknown;
}

/** Whether keys of the span can lie in a range. */
export function meets({ lower, upper }: KeyRange, { first, last }: KeySpan, compare: Compare): boolean {
  if (compare(first, last) > 0 || (lower !== undefined && compare(last, lower.key) < 0)) return false;
  return upper === undefined || compare(first, upper.key) < 0;
}

/** Those of a run's chunks that can have keys of a span. */
export function chunksWithin(
  { chunks, firstKey }: RunSketch,
  { from, to }: { readonly from: number; readonly to: number },
  { first, last }: KeySpan,
  compare: Compare,
): { readonly from: number; readonly to: number } {
  const begin = Math.max(from, firstNotBefore(chunks, firstKey, first, compare) - 1);
  const behind = firstNotBefore(chunks, firstKey, last, (a, b) => (compare(a, b) <= 0 ? -1 : 1));
  return { from: begin, to: Math.max(begin, Math.min(to, behind)) };
}

/** The first of `length` sorted keys that does not come before `key`; `length` where all do. */
export function firstNotBefore(
  length: number,
  keyAt: (index: number) => unknown,
  key: unknown,
  compare: Compare,
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
