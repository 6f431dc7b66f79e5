import { GloamError } from "@gloam/common";
import type { OutputWriter, PlannedChunk } from "@gloam/plan";
import type { BufferedFile } from "./buffered-file.ts";
import { checksum } from "./checksum.ts";
import {
  checksumWord,
  extentOffset,
  extentWords,
  lengthWord,
  offsetHighWord,
  offsetLowWord,
  onDisk,
  placeWord,
  segmentWord,
  unchecked,
  type OutputHandle,
} from "./output-handle.ts";
import type { ScratchDirectory } from "./scratch-directory.ts";
import type { SlabAllocator } from "./slab-allocator.ts";
import { blockBytes } from "./slab-heap.ts";
import type { StorageAccount } from "./storage-account.ts";

/** What an output is written to. */
export interface OutputPlaces {
  readonly memory: StorageAccount;
  readonly slabs: SlabAllocator;
  readonly directory: ScratchDirectory;
  /** Whether chunks in memory get checksums too, for readers behind a network. */
  readonly checksumMemory: boolean;
}

/** Where the chunks of an output may go. */
export interface OutputPlacement {
  readonly useMemory: boolean;
  readonly useDisk: boolean;
  /** It can be evicted. */
  readonly evictable: boolean;
  /** Tries to free so many bytes of storage memory, where there is no room: whether it is worth to try again. */
  readonly makeRoom?: ((bytes: number) => boolean) | undefined;
}

const anywhere: OutputPlacement = { useMemory: true, useDisk: true, evictable: false };

/** How an output ended. */
export interface OutputOutcome {
  committed(writer: SegmentedOutput, extents: Uint32Array, file: string | undefined): OutputHandle;
  aborted(writer: SegmentedOutput): void;
}

interface StoredChunk {
  readonly slab: number;
  readonly offset: number;
  readonly checksum: number;
}

/** An output being written: each chunk goes to a slab while storage memory is granted, else to the output's file, as it may. */
export class SegmentedOutput implements OutputWriter {
  readonly #places: OutputPlaces;
  readonly #outcome: OutputOutcome;
  readonly #placement: OutputPlacement;
  readonly #sizes: Float64Array;
  #extents = new Uint32Array(8 * extentWords);
  #words = 0;
  #file: BufferedFile | undefined;
  /** For chunks on their way to the file. */
  #scratch = new Uint8Array(0);
  #sorted = true;
  #lastSegment = 0;
  #open = true;

  /** Made by `BlockStore.create`. */
  constructor(segments: number, places: OutputPlaces, outcome: OutputOutcome, placement: OutputPlacement = anywhere) {
    this.#places = places;
    this.#outcome = outcome;
    this.#placement = placement;
    this.#sizes = new Float64Array(segments);
  }

  /** False, and nothing appended, where there is no place for it: such an output can only be aborted. */
  append(segment: number, chunk: Uint8Array | PlannedChunk): boolean {
    if (!this.#open || !(segment >= 0 && segment < this.#sizes.length)) {
      throw new GloamError("GLOAM_INTERNAL", `segment ${segment} of an output of ${this.#sizes.length} is not open`);
    }
    const extents = this.#grow();
    const at = this.#words;
    const place = this.#store(chunk);
    if (place === undefined) return false;
    extents[at + segmentWord] = segment;
    extents[at + placeWord] = place.slab;
    extents[at + offsetLowWord] = place.offset % 2 ** 32;
    extents[at + offsetHighWord] = Math.floor(place.offset / 2 ** 32);
    extents[at + lengthWord] = chunk.byteLength;
    extents[at + checksumWord] = place.checksum;
    this.#words += extentWords;
    this.#sizes[segment]! += chunk.byteLength;
    if (segment < this.#lastSegment) this.#sorted = false;
    this.#lastSegment = segment;
    return true;
  }

  commit(): { readonly handle: OutputHandle; readonly sizes: Float64Array } {
    if (!this.#open) throw new GloamError("GLOAM_INTERNAL", "an output was committed after its end");
    this.#file?.close();
    this.#open = false;
    const extents = this.#extents.slice(0, this.#words);
    const handle = this.#outcome.committed(this, this.#sorted ? extents : sortBySegment(extents), this.#file?.path);
    return { handle, sizes: this.#sizes };
  }

  abort(): void {
    if (!this.#open) return;
    this.#open = false;
    freeExtents(this.#places, this.#extents.subarray(0, this.#words));
    this.#file?.delete();
    this.#outcome.aborted(this);
  }

  #grow(): Uint32Array {
    if (this.#words === this.#extents.length) {
      const larger = new Uint32Array(this.#extents.length * 2);
      larger.set(this.#extents);
      this.#extents = larger;
    }
    return this.#extents;
  }

  #store(chunk: Uint8Array | PlannedChunk): StoredChunk | undefined {
    const { memory, slabs, directory, checksumMemory } = this.#places;
    const { byteLength } = chunk;
    const bytes = blockBytes(byteLength);
    if (this.#acquire(bytes)) {
      const place = slabs.store(chunk);
      if (place !== undefined) {
        const { slab, offset } = place;
        return { slab, offset, checksum: checksumMemory ? checksum(slabs.bytes(slab, offset, byteLength)) : unchecked };
      }
      memory.release(bytes);
    }
    if (!this.#placement.useDisk) return undefined;
    this.#file ??= directory.createFile("named");
    const written = chunk instanceof Uint8Array ? chunk : this.#written(chunk);
    return { slab: onDisk, offset: this.#file.append(written), checksum: checksum(written) };
  }

  #acquire(bytes: number): boolean {
    const { useMemory, evictable, makeRoom } = this.#placement;
    const { memory } = this.#places;
    if (!useMemory) return false;
    if (memory.acquire(bytes, evictable)) return true;
    // As long as it is worth it: what went to disk once need not come back.
    return this.#file === undefined && makeRoom?.(bytes) === true && memory.acquire(bytes, evictable);
  }

  /** The bytes of a chunk, valid until the next. */
  #written(chunk: PlannedChunk): Uint8Array {
    if (this.#scratch.byteLength < chunk.byteLength) this.#scratch = new Uint8Array(chunk.byteLength);
    chunk.write(this.#scratch, 0);
    return this.#scratch.subarray(0, chunk.byteLength);
  }
}

/** Frees the blocks of these extents in memory. */
export function freeExtents(places: OutputPlaces, extents: Uint32Array): void {
  for (let at = 0; at < extents.length; at += extentWords) {
    const slab = extents[at + placeWord]!;
    if (slab === onDisk) continue;
    places.slabs.free(slab, extentOffset(extents, at));
    places.memory.release(blockBytes(extents[at + lengthWord]!));
  }
}

function sortBySegment(extents: Uint32Array): Uint32Array {
  const count = extents.length / extentWords;
  const order = Array.from({ length: count }, (_, index) => index);
  order.sort((a, b) => extents[a * extentWords + segmentWord]! - extents[b * extentWords + segmentWord]!);
  const sorted = new Uint32Array(extents.length);
  for (let index = 0; index < count; index++) {
    const from = order[index]! * extentWords;
    sorted.set(extents.subarray(from, from + extentWords), index * extentWords);
  }
  return sorted;
}
