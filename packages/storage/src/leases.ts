/** Names the cells in which readers of a block say that they read it. Plain data, the same in every thread of the executor. */
export interface Lease {
  /** First cell. */
  readonly at: number;
  /** What stands there while this block lies in memory. */
  readonly generation: number;
}

/** Leases that there are, whatever the number of threads; at least so many for each. */
const mostLeases = 16 * 1024;
const fewestOfThread = 1024;

/** Cells of a lease, before the bits of its readers. */
const generationCell = 0;
/** Whether it is in use. */
const takenCell = 1;
/** When the block was read last, by a clock that counts uses. */
const usedCell = 2;
const firstReaderCell = 3;

/** Generations that are over for a moment only, while their owner looks whether somebody reads, are odd. */
const generations = 2;
/** Looks at such a moment that somebody takes who wants to read: it lasts no longer than a few loads. */
const mostLooks = 100_000;

/** 32-bit cells that the leases of an executor with so many threads take. */
export function leaseCells(threads: number): number {
  return threads * leasesOfThread(threads) * cellsOfLease(threads);
}

/**
 * The leases of an executor's blocks in memory, in cells that its threads share. A reader sets a bit of its own and then looks
 * whether the block is still there; who wants to take the block away says so first and then looks for bits. So nothing is
 * locked, and of a thread that was ended at any instruction its bits are cleared by whoever buries it (`forget`).
 */
export class Leases {
  readonly #cells: Int32Array;
  readonly #threads: number;
  readonly #stride: number;
  /** Cell that counts uses. */
  readonly #clock: Int32Array;
  readonly #next: number[];

  /** @param threads Workers and the main thread; readers are those and the I/O thread, which comes after them. */
  constructor(cells: Int32Array, clock: Int32Array, threads: number) {
    this.#cells = cells;
    this.#clock = clock;
    this.#threads = threads;
    this.#stride = cellsOfLease(threads);
    this.#next = Array.from({ length: threads }, () => 0);
  }

  /** Takes a lease for a thread's new block; undefined where it has as many as there are. */
  create(thread: number): Lease | undefined {
    const count = leasesOfThread(this.#threads);
    const first = thread * count;
    for (let tries = 0; tries < count; tries++) {
      const next = this.#next[thread] ?? 0;
      this.#next[thread] = (next + 1) % count;
      const at = (first + next) * this.#stride;
      if (Atomics.compareExchange(this.#cells, at + takenCell, 0, 1) !== 0) continue;
      const lease = { at, generation: Atomics.load(this.#cells, at + generationCell) };
      this.touch(lease);
      return lease;
    }
    return undefined;
  }

  /** The block is gone for good: its cells may be another's. */
  release(lease: Lease): void {
    Atomics.store(this.#cells, lease.at + takenCell, 0);
  }

  /** Says that a reader reads the block in memory. False where it does not lie there any more. */
  pin(lease: Lease, reader: number): boolean {
    const cells = this.#cells;
    const before = Atomics.or(cells, this.#readerCell(lease, reader), bitOf(reader));
    for (let looks = 0; looks < mostLooks; looks++) {
      const generation = Atomics.load(cells, lease.at + generationCell);
      if (generation === lease.generation) {
        this.touch(lease);
        return true;
      }
      if (generation !== lease.generation + 1) break;
    }
    // These cells may be another block's by now, which the reader reads.
    if ((before & bitOf(reader)) === 0) this.unpin(lease, reader);
    return false;
  }

  /** The reader needs it no longer. */
  unpin(lease: Lease, reader: number): void {
    Atomics.and(this.#cells, this.#readerCell(lease, reader), ~bitOf(reader));
  }

  /** Whether the block lies in memory, as far as its lease says. */
  isOpen({ at, generation }: Lease): boolean {
    return Atomics.load(this.#cells, at + generationCell) === generation;
  }

  /** Whether somebody reads it. */
  isPinned(lease: Lease): boolean {
    for (let cell = firstReaderCell; cell < this.#stride; cell++) {
      if (Atomics.load(this.#cells, lease.at + cell) !== 0) return true;
    }
    return false;
  }

  /** Ends the lease, unless somebody reads: then it goes on, and the answer is false. Nobody can pin it afterwards. */
  close(lease: Lease): boolean {
    const { at, generation } = lease;
    const cell = at + generationCell;
    if (Atomics.compareExchange(this.#cells, cell, generation, generation + 1) !== generation) return true;
    const isFree = !this.isPinned(lease);
    Atomics.store(this.#cells, cell, isFree ? generation + generations : generation);
    return isFree;
  }

  /** Somebody uses the block. */
  touch({ at }: Lease): void {
    Atomics.store(this.#cells, at + usedCell, Atomics.add(this.#clock, 0, 1));
  }

  /** When it was used last; later uses have larger numbers. */
  lastUse({ at }: Lease): number {
    return Atomics.load(this.#cells, at + usedCell);
  }

  /** A thread is dead: what it read is read no longer, and what it was about to take away stays. */
  forget(thread: number): void {
    const cells = this.#cells;
    const bit = bitOf(thread);
    const reader = firstReaderCell + (thread >>> 5);
    for (let at = 0; at < cells.length; at += this.#stride) Atomics.and(cells, at + reader, ~bit);
    const own = leasesOfThread(this.#threads) * this.#stride;
    for (let at = thread * own; at < (thread + 1) * own; at += this.#stride) {
      const generation = Atomics.load(cells, at + generationCell);
      if (generation % generations !== 0) Atomics.store(cells, at + generationCell, generation - 1);
    }
  }

  #readerCell({ at }: Lease, reader: number): number {
    return at + firstReaderCell + (reader >>> 5);
  }
}

function leasesOfThread(threads: number): number {
  return Math.max(fewestOfThread, Math.floor(mostLeases / threads));
}

function cellsOfLease(threads: number): number {
  return firstReaderCell + Math.ceil((threads + 1) / 32);
}

function bitOf(reader: number): number {
  return 1 << (reader & 31);
}
