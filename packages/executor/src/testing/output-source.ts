import type { OutputWriter } from "@gloam/plan";
import {
  attachMemoryPool,
  BlockStore,
  createMemoryPool,
  ScratchDirectory,
  SlabAllocator,
  type OutputHandle,
  type Slab,
  type StoreUsage,
} from "@gloam/storage";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Bytes that are the same wherever they are made of the same numbers. */
export function patternOf(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = (seed * 2654435761 + 12345) | 0;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

/** An executor's outputs in shared memory, and in files what does not fit. */
export class OutputSource {
  readonly slabs: Slab[] = [];
  readonly #path: string;
  readonly #store: BlockStore;

  /** @param memoryBytes What lies in memory at most. */
  constructor(memoryBytes: number) {
    this.#path = mkdtempSync(join(tmpdir(), "gloam-exchange-"));
    const pool = attachMemoryPool(
      createMemoryPool({
        totalBytes: 2 * memoryBytes,
        slots: 1,
        storageFraction: 0.5,
        guaranteedFraction: 0,
        heapBudget: 0,
      }),
    );
    this.#store = new BlockStore({
      id: 3,
      memory: pool.storage(0),
      slabs: new SlabAllocator({ nextId: () => pool.nextId(), onSlab: (slab) => this.slabs.push(slab) }),
      directory: new ScratchDirectory({ path: this.#path, prefix: "t0" }),
      checksumMemory: false,
    });
  }

  /** Commits an output of these chunks by segment. */
  write(segments: readonly (readonly Uint8Array[])[]): OutputHandle {
    const writer = this.#store.create(segments.length);
    segments.forEach((chunks, segment) => chunks.forEach((chunk) => writer.append(segment, chunk)));
    return writer.commit().handle;
  }

  /** Begins an output. */
  create(segments: number): OutputWriter {
    return this.#store.create(segments);
  }

  usage(): StoreUsage {
    return this.#store.usage();
  }

  free(handle: OutputHandle): void {
    this.#store.free(handle);
  }

  delete(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }
}
