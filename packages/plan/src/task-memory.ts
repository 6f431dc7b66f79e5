/** A task's account with the memory manager and its scratch files. Every buffer that grows with the data comes through it. */
export interface TaskMemory {
  /**
   * Asks for `bytes` more of the pool. True when granted. A task is always granted up to `guaranteed` in all; beyond
   * that it depends on what other tasks hold. When false the caller spills and asks again for less.
   */
  acquire(bytes: number): boolean;
  release(bytes: number): void;
  /** Bytes that every task may hold whatever the others do: the same in every run with the same configuration. */
  readonly guaranteed: number;
  /**
   * Bytes of JavaScript objects that a task may keep on the worker's heap in all its structures (estimates; strings and
   * arrays kept as values).
   */
  readonly heapBudget: number;
  /** A new scratch file, deleted when the task ends at the latest. */
  createScratch(): ScratchFile;
  /** The absolute path of a new, empty directory of this task alone, deleted when the task ends at the latest. */
  createScratchDirectory(): string;
}

/** A file of this task alone: written once from the start, then read at will. Synchronous. */
export interface ScratchFile {
  readonly length: number;
  /** Appends and gives the offset at which the bytes begin. */
  append(bytes: Uint8Array): number;
  /** Reads exactly `length` bytes from `offset`. */
  read(offset: number, length: number): Uint8Array;
  /** Closes and deletes it. */
  delete(): void;
}
