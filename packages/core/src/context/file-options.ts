import { checkInteger, checkOptions, checkPath } from "../arguments.ts";
import type { Operation } from "../operation.ts";

/** Options of sources that read files. */
export interface FileOptions {
  /** No fewer partitions than this, as far as the files can be spread; `defaultParallelism` when left out. */
  readonly minPartitions?: number | undefined;
}

/** Paths as sources take them: a path or `file:` URL, or an array of several; see `textFile`. */
export type Paths = string | URL | readonly (string | URL)[];

/** Checked paths, at least one. */
export function checkPaths(operation: Operation, paths: Paths): string[] {
  const given: readonly unknown[] = Array.isArray(paths) ? paths : [paths];
  return given.map((path) => checkPath(operation, path));
}

/** How files are spread over partitions. */
export function splitOptions(
  operation: Operation,
  options: FileOptions = {},
): { readonly minPartitions: number; readonly splitBytes: number } {
  checkOptions(operation, options, "{ minPartitions: 8 }");
  const { minPartitions = operation.context.defaultParallelism } = options;
  checkInteger(operation, "minPartitions", minPartitions, 1);
  return { minPartitions, splitBytes: operation.context.configuration.get("reader.maxPartitionBytes") };
}
