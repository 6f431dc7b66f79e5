import { crc32 } from "node:zlib";
import { unchecked } from "./output-handle.ts";

/**
 * Checksum of a chunk: CRC-32 by zlib, about 3 GB/s on chunks of 64 KiB and more and 0.3 us on small ones. Never
 * `unchecked`.
 */
export function checksum(bytes: Uint8Array): number {
  const sum = crc32(bytes);
  return sum === unchecked ? 1 : sum;
}
