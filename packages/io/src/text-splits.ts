import type { InputFile } from "./find-files.ts";

/** A piece of a file: the lines whose first byte lies in `start .. end`. */
export interface FileRange {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** Bytes of the whole file when it was listed; what was appended since is not read. */
  readonly fileBytes: number;
}

/** The input of one task: pieces of files, read one after the other. */
export interface FileSplit {
  readonly ranges: readonly FileRange[];
}

/** How files are cut into the inputs of tasks. */
export interface SplitOptions {
  /** Most bytes that one task reads, unless a file cannot be split. */
  readonly splitBytes: number;
  /** The number of tasks is at least this, as far as the files can be split; 1 by default. */
  readonly minPartitions?: number;
  /** Files are cut at multiples of so many bytes; 1 by default. */
  readonly unitBytes?: number;
}

/** A file costs as much to open as so many bytes to read. */
const openingBytes = 64 * 1024;

/** A last piece may be larger than the others by this factor, rather than being a tiny one. */
const slack = 1.1;

/**
 * Cuts files into ranges of about equal size of at most `splitBytes`, and then joins small neighbours into one task as long
 * as they stay below that size. The order of the files is kept. `splittable` files alone are cut.
 */
export function splitFiles(
  files: readonly (InputFile & { readonly splittable: boolean })[],
  options: SplitOptions,
): FileSplit[] {
  const { splitBytes, minPartitions = 1, unitBytes = 1 } = options;
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const pieceBytes = Math.max(1, Math.min(splitBytes, Math.ceil(totalBytes / minPartitions)));
  const ranges = files.flatMap((file) => cut(file, file.splittable ? pieceBytes : Infinity, unitBytes));
  return share(ranges, options);
}

/** Joins small neighbours into one task, as long as they stay below the size; a larger one is a task of its own. */
export function share(ranges: readonly FileRange[], { splitBytes, minPartitions = 1 }: SplitOptions): FileSplit[] {
  const totalCost = ranges.reduce((sum, { start, end }) => sum + end - start + openingBytes, 0);
  return join(ranges, Math.min(splitBytes, totalCost / minPartitions));
}

function cut({ path, bytes }: InputFile, pieceBytes: number, unitBytes: number): FileRange[] {
  const pieces = Math.max(1, Math.ceil(bytes / pieceBytes - (slack - 1)));
  const step = Math.ceil(bytes / pieces / unitBytes) * unitBytes;
  const ranges: FileRange[] = [];
  for (let start = 0; start < bytes; start += step) {
    ranges.push({ path, start, end: Math.min(bytes, start + step), fileBytes: bytes });
  }
  return ranges;
}

function join(ranges: readonly FileRange[], mostCost: number): FileSplit[] {
  const splits: { ranges: FileRange[] }[] = [];
  let cost = Infinity;
  for (const range of ranges) {
    const rangeCost = range.end - range.start + openingBytes;
    if (cost + rangeCost > mostCost) {
      splits.push({ ranges: [] });
      cost = 0;
    }
    splits.at(-1)!.ranges.push(range);
    cost += rangeCost;
  }
  return splits;
}
