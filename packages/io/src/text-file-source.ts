import type { CallSite } from "@gloam/common";
import type { NodeOrigin, PlanNode } from "@gloam/plan";
import { compressionByName, compressionOf, headBytes } from "./compression.ts";
import { locate } from "./file-location.ts";
import { findFiles, type InputFile } from "./find-files.ts";
import { sourceNode } from "./source-node.ts";
import { splitFiles, type FileSplit } from "./text-splits.ts";

/** How text files are cut into partitions. */
export interface TextFileOptions {
  /** Most bytes of a partition, unless a compressed file is larger; 32 MiB by default. */
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
 * (`*`, `?`, `[a-z]`, `{a,b}`, `**`). Large files are cut by byte ranges, small ones share a partition, a compressed
 * file is one range; the order is that of the paths, then of the files' names.
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
  return sourceNode(origin, "textLines", () => source.list());
}

/** Looks into files only where it matters: those that are cut in pieces. */
async function isSplittable({ path, bytes }: InputFile, pieceBytes: number): Promise<boolean> {
  if (compressionByName(path) !== undefined) return false;
  return bytes <= pieceBytes || compressionOf(path, await locate(path).system.head(path, headBytes)) === undefined;
}
