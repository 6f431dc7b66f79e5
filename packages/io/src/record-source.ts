import { GloamError } from "@gloam/common";
import type { NodeOrigin, PlanNode } from "@gloam/plan";
import { findFiles } from "./find-files.ts";
import { sourceNode } from "./source-node.ts";
import { splitFiles, type SplitOptions } from "./text-splits.ts";

/** The length of records, for the kernel. */
export interface RecordData {
  readonly recordBytes: number;
}

/** A node of the records of binary files, each of `recordBytes` bytes. Files are cut between records. */
export function binaryRecordsNode(
  origin: NodeOrigin,
  paths: readonly string[],
  { recordBytes, ...options }: SplitOptions & RecordData,
): PlanNode {
  const { callSite } = origin;
  const list = async (): Promise<readonly unknown[]> => {
    const files = await findFiles(paths, callSite);
    for (const { path, bytes } of files) {
      if (bytes % recordBytes === 0) continue;
      throw new GloamError(
        "GLOAM_INPUT_UNREADABLE",
        `${path} has ${bytes} bytes, which are no records of ${recordBytes}`,
        {
          hint: "check the length of records; files must have whole ones",
          callSite,
        },
      );
    }
    const described = files.map((file) => ({ ...file, splittable: true }));
    return splitFiles(described, { ...options, unitBytes: recordBytes });
  };
  return sourceNode(origin, "binaryRecords", list, { recordBytes } satisfies RecordData);
}
