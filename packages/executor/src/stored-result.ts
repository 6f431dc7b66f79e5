import type { BlockOutput } from "@gloam/plan";

/** A result of more bytes does not travel with the report of its task: that would hold up whatever else is to be said. */
export const largestReportedResult = 64 * 1024;

/** Bytes of a chunk, at most: what is fetched at a time. */
const chunkBytes = 1024 * 1024;

/** Copies a result into a block of one segment, in pieces, for a driver elsewhere to fetch; gives the block's handle. */
export function storeResult(bytes: Uint8Array, output: BlockOutput): unknown {
  const writer = output.create(1);
  for (let at = 0; at < bytes.length; at += chunkBytes) writer.append(0, bytes.subarray(at, at + chunkBytes));
  return writer.commit().handle;
}
