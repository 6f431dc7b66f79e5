import { GloamError } from "@gloam/common";
import type { OutputHandle } from "@gloam/storage";

/** placeholder */
export function compactIndex({ extents }: OutputHandle): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < extents.length; at += 6) out.push(extents[at]!, extents[at + 4]!);
  return new Uint8Array(Uint32Array.from(out).buffer);
}

export function chunkBytesOf(index: Uint8Array, segment: number): number[] {
  if (index.length % 8 !== 0) throw new GloamError("GLOAM_BLOCK_CORRUPT", "bad index");
  const words = new Uint32Array(index.slice().buffer);
  const lengths: number[] = [];
  for (let at = 0; at < words.length; at += 2) if (words[at] === segment) lengths.push(words[at + 1]!);
  return lengths;
}
