import type { BlockOutput } from "@gloam/plan";
import { chooseVictims, type CachedIdentity, type EvictableBlock } from "./cached-output.ts";
import { writeEvicted } from "./evicted-file.ts";
import type { Leases } from "./leases.ts";
import { outputBytes, type OutputHandle } from "./output-handle.ts";
import { freeExtents, SegmentedOutput, type OutputPlaces } from "./output-writer.ts";

/** What a block store is made of. */
export interface BlockStoreOptions extends OutputPlaces {
  /** A number that no other store of the executor has. */
  readonly id: number;
  /** How cached blocks can be evicted; left out, they cannot. */
  readonly eviction?: EvictionOptions | undefined;
}

/** What evicting takes. */
export interface EvictionOptions {
  readonly leases: Leases;
  /** The store's thread among those that have leases. */
  readonly thread: number;
  /** Told how many bytes could be evicted, when that changes. */
  readonly onEvictable: (bytes: number) => void;
  /**
   * Told how many freed blocks wait until nobody reads them, when that changes. Who reads looks there after it has stopped, and then
   * sees to it that `sweep` is called.
   */
  readonly onDoomed: (blocks: number) => void;
  /** Tries to free storage memory somewhere, for a block of that node: whether it is worth to try again. */
  readonly makeRoom: (bytes: number, node: number) => boolean;
}

/** What a store holds; all zero when everything is freed. */
export interface StoreUsage {
  /** Outputs that are committed and not freed. */
  readonly outputs: number;
  /** Outputs that are neither committed nor aborted. */
  readonly openOutputs: number;
  /** Bytes of committed outputs in slabs, the blocks' headers included. */
  readonly memoryBytes: number;
  /** Bytes of committed outputs in files. */
  readonly diskBytes: number;
}

/** A cached block that is not what it was. */
export interface Evicted {
  readonly store: number;
  readonly output: number;
  readonly node: number;
  readonly partition: number;
  /** Where it is now: on disk, or nowhere. */
  readonly to: "disk" | "nowhere";
  /** That it had in memory. */
  readonly bytes: number;
}

/** A committed output. */
interface Committed {
  readonly handle: OutputHandle;
  /** Of a cached block. */
  readonly identity: CachedIdentity | undefined;
  /** What it has in memory now. */
  memoryBytes: number;
}

/** The outputs that one thread wrote. Only its thread calls it; others read the outputs through their handles. */
export class BlockStore implements BlockOutput {
  readonly id: number;
  readonly #places: OutputPlaces;
  readonly #eviction: EvictionOptions | undefined;
  readonly #open = new Set<SegmentedOutput>();
  readonly #committed = new Map<number, Committed>();
  /** Cached blocks with a lease that have something in memory, by their numbers. */
  readonly #evictable = new Map<number, EvictableBlock>();
  /** Nodes whose partitions are being written, and how many each. */
  readonly #writing = new Map<number, number>();
  /** Freed while somebody still reads them. */
  readonly #doomed = new Set<Committed>();
  #evictableBytes = 0;
  #nextOutput = 0;

  constructor(options: BlockStoreOptions) {
    this.id = options.id;
    this.#places = options;
    this.#eviction = options.eviction;
  }

  create(segments: number): SegmentedOutput {
    const writer: SegmentedOutput = new SegmentedOutput(segments, this.#places, {
      committed: (committed, extents, file) => {
        this.#open.delete(committed);
        return this.#commit({ store: this.id, output: this.#nextOutput++, extents, file }, undefined);
      },
      aborted: (aborted) => this.#open.delete(aborted),
    });
    this.#open.add(writer);
    return writer;
  }

  /**
   * Begins a cached block, of one segment. Where it may be evicted, its handle has a lease, which nobody has pinned when it is
   * committed: `pinned` is called before, and may.
   */
  createCached(identity: CachedIdentity, pinned?: (handle: OutputHandle) => void): SegmentedOutput {
    const { node, traits } = identity;
    const eviction = this.#eviction;
    this.#writing.set(node, (this.#writing.get(node) ?? 0) + 1);
    const writer: SegmentedOutput = new SegmentedOutput(
      1,
      this.#places,
      {
        committed: (committed, extents, file) => {
          this.#ended(committed, node);
          const plain = { store: this.id, output: this.#nextOutput++, extents, file };
          const isInMemory = outputBytes(plain).memoryBytes > 0;
          const lease = isInMemory ? eviction?.leases.create(eviction.thread) : undefined;
          const evictedFile = traits.useDisk ? this.#places.directory.reservePath() : undefined;
          const handle = lease === undefined ? plain : { ...plain, lease, evictedFile };
          pinned?.(handle);
          return this.#commit(handle, identity);
        },
        aborted: (aborted) => this.#ended(aborted, node),
      },
      {
        ...{ useMemory: traits.useMemory, useDisk: traits.useDisk, evictable: eviction !== undefined },
        makeRoom: eviction && ((bytes) => eviction.makeRoom(bytes, node)),
      },
    );
    this.#open.add(writer);
    return writer;
  }

  /** Aborts what a task left open. */
  abortOpen(): void {
    for (const writer of this.#open) writer.abort();
  }

  /**
   * Frees a committed output, a cached block as soon as nobody reads it (see `sweep`). One that is freed already, or belongs to
   * another store, is no error.
   */
  free(handle: OutputHandle): void {
    if (handle.store !== this.id) return;
    const own = this.#committed.get(handle.output);
    if (own === undefined) return;
    this.#committed.delete(handle.output);
    this.#forgetEvictable(own);
    this.#release(own);
    if (!this.#doomed.has(own)) return;
    this.#eviction?.onDoomed(this.#doomed.size);
    // Who reads it may have looked, just before, whether anything waits.
    this.sweep();
  }

  /** Frees what was to be freed while somebody read it, and is not read any more. */
  sweep(): void {
    if (this.#doomed.size === 0) return;
    const doomed = [...this.#doomed];
    this.#doomed.clear();
    for (const each of doomed) this.#release(each);
    if (this.#doomed.size !== doomed.length) this.#eviction?.onDoomed(this.#doomed.size);
  }

  /** Frees and aborts everything. */
  freeAll(): void {
    this.abortOpen();
    for (const { handle } of this.#committed.values()) this.free(handle);
  }

  /**
   * Evicts cached blocks of so many bytes, as far as there are: least recently used ones, none that is read, none of a node that
   * is spared or being written. Of those whose level has a disk a copy is written there first.
   */
  evict(bytes: number, sparing?: number): Evicted[] {
    const eviction = this.#eviction;
    if (eviction === undefined || this.#evictable.size === 0) return [];
    const { leases } = eviction;
    const isSpared = (node: number): boolean => node === sparing || this.#writing.has(node);
    const evicted: Evicted[] = [];
    for (const block of chooseVictims(this.#evictable.values(), bytes, isSpared, leases)) {
      const told = this.#evict(block, leases);
      if (told !== undefined) evicted.push(told);
    }
    return evicted;
  }

  /** What the store holds. Takes time in proportion to the number of chunks. */
  usage(): StoreUsage {
    let memoryBytes = 0;
    let diskBytes = 0;
    for (const { handle, memoryBytes: inMemory } of this.#committed.values()) {
      const bytes = outputBytes(handle);
      memoryBytes += inMemory;
      diskBytes += bytes.diskBytes + (inMemory === 0 ? bytes.payloadBytes - bytes.diskBytes : 0);
    }
    return { outputs: this.#committed.size, openOutputs: this.#open.size, memoryBytes, diskBytes };
  }

  #evict(block: EvictableBlock, leases: Leases): Evicted | undefined {
    const { handle, identity, lease, memoryBytes } = block;
    const { node, partition } = identity;
    const { directory, slabs } = this.#places;
    const own = this.#committed.get(handle.output);
    if (own === undefined) return undefined;
    const path = handle.evictedFile;
    if (path !== undefined) {
      try {
        writeEvicted(handle, path, directory, (slab, offset, length) => slabs.bytes(slab, offset, length));
      } catch {
        // The disk is full, as it seems: the block stays where it is.
        return undefined;
      }
    }
    if (!leases.close(lease)) {
      // Somebody has begun to read it meanwhile.
      if (path !== undefined) directory.deleteFile(path);
      return undefined;
    }
    this.#forgetEvictable(own);
    freeExtents(this.#places, handle.extents);
    own.memoryBytes = 0;
    if (path === undefined) {
      this.#committed.delete(handle.output);
      leases.release(lease);
    }
    const to = path === undefined ? "nowhere" : "disk";
    return { store: this.id, output: handle.output, node, partition, to, bytes: memoryBytes };
  }

  #commit(handle: OutputHandle, identity: CachedIdentity | undefined): OutputHandle {
    const { memoryBytes } = outputBytes(handle);
    this.#committed.set(handle.output, { handle, identity, memoryBytes });
    const { lease } = handle;
    if (identity !== undefined && lease !== undefined) {
      this.#evictable.set(handle.output, { handle, identity, lease, memoryBytes });
      this.#countEvictable(memoryBytes);
    }
    return handle;
  }

  #ended(writer: SegmentedOutput, node: number): void {
    this.#open.delete(writer);
    const left = (this.#writing.get(node) ?? 1) - 1;
    if (left === 0) this.#writing.delete(node);
    else this.#writing.set(node, left);
  }

  #forgetEvictable({ handle: { output } }: Committed): void {
    const block = this.#evictable.get(output);
    if (block === undefined) return;
    this.#evictable.delete(output);
    this.#countEvictable(-block.memoryBytes);
  }

  #countEvictable(bytes: number): void {
    this.#evictableBytes += bytes;
    this.#eviction?.onEvictable(this.#evictableBytes);
  }

  #release(own: Committed): void {
    const { handle, memoryBytes } = own;
    const { lease, file, evictedFile } = handle;
    const { directory } = this.#places;
    const leases = this.#eviction?.leases;
    if (lease !== undefined && leases !== undefined) {
      if (!leases.close(lease)) {
        this.#doomed.add(own);
        return;
      }
      leases.release(lease);
    }
    if (memoryBytes > 0) freeExtents(this.#places, handle.extents);
    if (file !== undefined) directory.deleteFile(file);
    if (lease !== undefined && memoryBytes === 0 && evictedFile !== undefined) directory.deleteFile(evictedFile);
  }
}
