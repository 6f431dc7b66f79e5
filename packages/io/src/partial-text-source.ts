import { GloamError } from "@gloam/common";
import type { NodeOrigin, PlanNode } from "@gloam/plan";
import { compressionOf, headBytes } from "./compression.ts";
import { locate } from "./file-location.ts";
import { findFiles } from "./find-files.ts";
import { sourceNode } from "./source-node.ts";
import { splitFiles, type SplitOptions } from "./text-splits.ts";

/** A node of the lines of one file that begin in its bytes `begin .. end`. */
export function partialTextNode(
  origin: NodeOrigin,
  path: string,
  { begin, end, ...options }: SplitOptions & { readonly begin: number; readonly end: number },
): PlanNode {
  const { callSite } = origin;
  const refuse = (what: string): GloamError => new GloamError("GLOAM_ARGUMENT_INVALID", what, { callSite });
  return sourceNode(origin, "textLines", async () => {
    const [file, ...others] = await findFiles([path], callSite);
    if (file === undefined || others.length > 0) throw refuse(`${path} is no single file`);
    if (compressionOf(file.path, await locate(file.path).system.head(file.path, headBytes)) !== undefined) {
      throw refuse(`${file.path} is compressed: its bytes are no part of its text`);
    }
    const last = Math.min(end, file.bytes);
    const whole = { path: file.path, bytes: Math.max(0, last - begin), splittable: true };
    return splitFiles([whole], options).map(({ ranges }) => ({
      ranges: ranges.map((range) => ({
        path: range.path,
        start: range.start + begin,
        end: range.end + begin,
        fileBytes: file.bytes,
      })),
    }));
  });
}
