import { GloamError } from "@gloam/common";

/** The error for a partition that the user's partition function gave and that does not exist. */
export function invalidPartition(partition: unknown, partitions: number): GloamError {
  return new GloamError(
    "GLOAM_ARGUMENT_INVALID",
    `the partition function returned ${String(partition)}; it must return an integer from 0 to ${partitions - 1}`,
  );
}
