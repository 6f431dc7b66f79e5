import type { NodeOrigin, PlanNode } from "@gloam/plan";
import { findFiles } from "./find-files.ts";
import { sourceNode } from "./source-node.ts";
import { share, type FileSplit, type SplitOptions } from "./text-splits.ts";

/** What becomes of each file. */
export interface WholeFilesData {
  /** `text`: decompressed, and decoded as UTF-8. `bytes`: as it is. */
  readonly as: "text" | "bytes";
}

/** A node of pairs of the absolute path and the content of each file: small files share a partition, none is cut. */
export function wholeFilesNode(
  origin: NodeOrigin,
  paths: readonly string[],
  options: SplitOptions & WholeFilesData,
): PlanNode {
  const data: WholeFilesData = { as: options.as };
  return sourceNode(origin, "wholeFiles", () => listWholeFiles(paths, options, origin), data);
}

/** A node of what was saved as objects: see `objectSink`. */
export function objectFileNode(origin: NodeOrigin, paths: readonly string[], options: SplitOptions): PlanNode {
  return sourceNode(origin, "objectFiles", () => listWholeFiles(paths, options, origin));
}

async function listWholeFiles(
  paths: readonly string[],
  options: SplitOptions,
  { callSite }: NodeOrigin,
): Promise<FileSplit[]> {
  const files = await findFiles(paths, callSite);
  const ranges = files.map(({ path, bytes }) => ({ path, start: 0, end: bytes, fileBytes: bytes }));
  return share(ranges, options);
}
