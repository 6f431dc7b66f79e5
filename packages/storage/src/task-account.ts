import type { ScratchFile, TaskMemory } from "@gloam/plan";
import type { BufferedFile } from "./buffered-file.ts";
import type { ExecutionAccount } from "./execution-account.ts";
import type { MemoryPool } from "./memory-pool.ts";
import type { ScratchDirectory } from "./scratch-directory.ts";

/** A task's memory and scratch files: what a kernel sees as `TaskMemory`. One at a time for each slot. */
export class TaskAccount implements TaskMemory {
  readonly #pool: MemoryPool;
  readonly #slot: number;
  readonly #execution: ExecutionAccount;
  readonly #directory: ScratchDirectory;
  readonly #files: BufferedFile[] = [];
  readonly #directories: string[] = [];
  readonly #makeRoom: (bytes: number) => boolean;

  /**
   * Marks the slot as active until `end`.
   * @param makeRoom Tries to free memory that storage has borrowed: whether it is worth to ask again.
   */
  constructor(
    pool: MemoryPool,
    slot: number,
    directory: ScratchDirectory,
    makeRoom: (bytes: number) => boolean = () => false,
  ) {
    this.#makeRoom = makeRoom;
    this.#pool = pool;
    this.#slot = slot;
    this.#execution = pool.execution(slot);
    this.#directory = directory;
    pool.setActive(slot, true);
  }

  get guaranteed(): number {
    return this.#pool.guaranteedBytes;
  }

  get heapBudget(): number {
    return this.#pool.heapBudget;
  }

  /** Bytes of memory held now. */
  get bytes(): number {
    return this.#execution.bytes;
  }

  /** Most bytes of memory held at once. */
  get peakBytes(): number {
    return this.#execution.peakBytes;
  }

  /** Bytes of scratch files written so far. */
  get scratchBytes(): number {
    let bytes = 0;
    for (const file of this.#files) bytes += file.length;
    return bytes;
  }

  acquire(bytes: number): boolean {
    return this.#execution.acquire(bytes) || (this.#makeRoom(bytes) && this.#execution.acquire(bytes));
  }

  release(bytes: number): void {
    this.#execution.release(bytes);
  }

  createScratch(): ScratchFile {
    const file = this.#directory.createFile("private");
    this.#files.push(file);
    return file;
  }

  createScratchDirectory(): string {
    const path = this.#directory.createDirectory();
    this.#directories.push(path);
    return path;
  }

  /** Gives back what the task left over and deletes its scratch files and directories: all of them, before it reports the first failure. */
  end(): void {
    this.#execution.empty();
    this.#pool.setActive(this.#slot, false);
    const failures: unknown[] = [];
    const attempt = (deletion: () => void): void => {
      try {
        deletion();
      } catch (error) {
        failures.push(error);
      }
    };
    for (const file of this.#files.splice(0)) attempt(() => file.delete());
    for (const path of this.#directories.splice(0)) attempt(() => this.#directory.deleteDirectory(path));
    if (failures.length > 0) throw failures[0];
  }
}
