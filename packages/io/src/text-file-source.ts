import type { CallSite } from "@gloam/common";
import { OperationNode, type NodeOrigin, type PlanNode } from "@gloam/plan";
import { locate } from "./file-location.ts";
import { findFiles, type InputFile } from "./find-files.ts";
import { isGzip } from "./gzip-stream.ts";
import { splitFiles, type FileSplit } from "./text-splits.ts";

/** How text files are cut into partitions. */
export interface TextFileOptions {
  /** Most bytes of a partition, unless a gzip file is larger; 32 MiB by default. */
  readonly splitBytes?: number;
  /** Least number of partitions, as far as the files can be split. */
  readonly minPartitions?: number;
  /** Where the user named the files, for errors. */
  readonly callSite?: CallSite | undefined;
}

/** Finds text files and cuts them into the inputs of tasks, on the driver. */
export interface TextFileSource {
  /**
   * Lists the files now. Throws GLOAM_INPUT_NOT_FOUND when a path means nothing, GLOAM_INPUT_UNREADABLE when a directory
   * cannot be listed.
   */
  list(): Promise<FileSplit[]>;
}

/**
 * Text files by path, `file://` URL, directory (the files directly in it but those that begin with "." or "_") or pattern
 * (`*`, `?`, `[a-z]`, `{a,b}`, `**`). Large files are cut by byte ranges, small ones share a partition, a gzip file
 * is one range; the order is that of the paths, then of the files' names.
 */
export function textFileSource(paths: string | readonly string[], options: TextFileOptions = {}): TextFileSource {
  const { splitBytes = 32 * 2 ** 20, minPartitions = 1, callSite } = options;
  return {
    async list() {
      const files = await findFiles(typeof paths === "string" ? [paths] : paths, callSite);
      const pieceBytes = Math.min(splitBytes, files.reduce((sum, file) => sum + file.bytes, 0) / minPartitions);
      const described = [];
      for (const file of files) described.push({ ...file, splittable: await isSplittable(file, pieceBytes) });
      return splitFiles(described, { splitBytes, minPartitions });
    },
  };
}

/** A node whose elements are the lines of text files. */
export function textFileNode(
  origin: NodeOrigin,
  paths: string | readonly string[],
  options: TextFileOptions = {},
): PlanNode {
  const source = textFileSource(paths, { callSite: origin.callSite, ...options });
  let splits: readonly FileSplit[] | undefined;
  return new OperationNode(origin, {
    dependencies: [],
    kernel: { package: "@gloam/io", export: "textLines", functions: [] },
    count: {
      get known() {
        return splits !== undefined;
      },
      value: () => splits?.length ?? 0,
    },
    async prepare() {
      splits = await source.list();
    },
    payload: (partition) => splits?.[partition],
  });
}

/** Looks into files only where it matters: those that are cut in pieces. */
async function isSplittable({ path, bytes }: InputFile, pieceBytes: number): Promise<boolean> {
  if (path.endsWith(".gz")) return false;
  return bytes <= pieceBytes || !isGzip(await locate(path).system.head(path, 2));
}
