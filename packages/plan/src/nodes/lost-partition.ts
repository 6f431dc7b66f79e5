import { GloamError } from "@gloam/common";
import type { KernelDescription, ReaderKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";

/** What stands in place of a lineage that was cut, of which only kept blocks are left: whoever comes to it lacks one. */
export function lostPartition(): KernelDescription {
  return planKernel("lostPartitionKernel");
}

/** Kernel of `lostPartition`. */
export const lostPartitionKernel: ReaderKernel = {
  kind: "reader",
  open({ partition }) {
    throw new GloamError(
      "GLOAM_CHECKPOINT_LOST",
      `the block of partition ${partition} is gone, and localCheckpoint cut the lineage that could compute it`,
    );
  },
};
