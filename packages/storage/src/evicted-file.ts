import { checksum } from "./checksum.ts";
import { extentOffset, extentWords, lengthWord, onDisk, placeWord, type OutputHandle } from "./output-handle.ts";
import type { ScratchDirectory } from "./scratch-directory.ts";

/**
 * Writes what a block has in memory to the file that its handle names for that: the chunks one after the other, in the order of
 * the handle's extents, and behind them a checksum of each, four bytes in the machine's order. So whoever has the handle finds
 * them there, though it says that they lie in memory.
 */
export function writeEvicted(
  handle: OutputHandle,
  path: string,
  directory: ScratchDirectory,
  bytesOf: (slab: number, offset: number, length: number) => Uint8Array,
): void {
  const { extents } = handle;
  const file = directory.createFileAt(path);
  try {
    const sums: number[] = [];
    for (let at = 0; at < extents.length; at += extentWords) {
      const slab = extents[at + placeWord]!;
      if (slab === onDisk) continue;
      const bytes = bytesOf(slab, extentOffset(extents, at), extents[at + lengthWord]!);
      file.append(bytes);
      sums.push(checksum(bytes));
    }
    const trailer = Uint32Array.from(sums);
    file.append(new Uint8Array(trailer.buffer));
    file.close();
  } catch (error) {
    file.delete();
    throw error;
  }
}

/** Where a chunk of an evicted block begins in that file; `number` of the chunk's checksum among those behind the chunks. */
export interface EvictedChunk {
  readonly offset: number;
  readonly number: number;
}

/** The places of all chunks that lay in memory, by the word at which their extents begin, and the bytes of all together. */
export function evictedChunks({ extents }: OutputHandle): {
  readonly places: ReadonlyMap<number, EvictedChunk>;
  readonly bytes: number;
} {
  const places = new Map<number, EvictedChunk>();
  let offset = 0;
  for (let at = 0; at < extents.length; at += extentWords) {
    if (extents[at + placeWord] === onDisk) continue;
    places.set(at, { offset, number: places.size });
    offset += extents[at + lengthWord]!;
  }
  return { places, bytes: offset };
}
