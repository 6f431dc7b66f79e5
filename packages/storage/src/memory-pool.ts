import { GloamError } from "@gloam/common";
import { ExecutionAccount } from "./execution-account.ts";
import { leaseCells, Leases } from "./leases.ts";
import { pageBytes } from "./page.ts";
import { StorageAccount } from "./storage-account.ts";

/** How an executor's memory pool is divided. */
export interface MemoryPoolOptions {
  /** Bytes of the whole pool. */
  readonly totalBytes: number;
  /** Number of workers, each with one task at a time. */
  readonly slots: number;
  /**
   * Share of the pool that storage may fill and keep, whatever execution needs; 0.5 by default. Cached blocks may take more
   * while execution does not need it.
   */
  readonly storageFraction?: number;
  /** Share of an equal part of the rest that every task is granted whatever the others hold; 0.5 by default. */
  readonly guaranteedFraction?: number;
  /** Bytes of JavaScript objects that a task may keep on its worker's heap. */
  readonly heapBudget: number;
}

/**
 * The control block of an executor's memory, shared by its threads: 64-bit configuration, then 32-bit cells.
 *
 * Every account writes only its own cells, and what is taken is the sum over them. So nothing is locked, a thread that is
 * ended at any instruction leaves the counters right, and giving an account back is writing zeros. The price is that two
 * threads that ask for the last pages at once may both be refused.
 */
const layout = {
  totalPages: 0,
  guaranteedBytes: 1,
  storagePages: 2,
  heapBudget: 3,
  slots: 4,
  /** Bytes of the 64-bit part. */
  configurationBytes: 64,
  /** Cell that counts uses of cached blocks. */
  useClock: 1,
  /** First cell of the accounts; cell 0 counts ids. */
  firstAccount: 16,
  /** Cells of an account: one cache line, so that workers don't disturb each other. */
  accountCells: 16,
  /** Whether a task runs. */
  active: 0,
  /** The task that is to end, or -1. */
  cancelled: 1,
  /** Pages of execution memory beyond the guaranteed ones. */
  executionPages: 2,
  /** Pages of storage memory. */
  storedPages: 3,
  /** Pages of cached blocks that the account could make room of. */
  evictablePages: 4,
  /** Pages that others ask it to make room of. */
  askedPages: 5,
  /**
   * The node whose blocks they are to spare, + 1. There is one cell for all who ask, so that nobody waits for another: where two ask before
   * the first is served, the node of the later is spared for both. No more is evicted than both have asked for; it may be of the
   * first one's node, and is computed or read again, or the first gets less than there is, and asks again with its next chunk.
   */
  askedSparing: 6,
  /** Blocks that it frees as soon as nobody reads them. */
  doomedBlocks: 7,
} as const;

/**
 * Makes the control block of an executor's memory, to be handed to its threads.
 *
 * Of the pool, `guaranteed` bytes are set aside for each slot: (1 - storageFraction) x total / slots x guaranteedFraction.
 * Everything else is common: execution beyond the guarantee takes from it up to a fair share, storage up to its fraction.
 */
export function createMemoryPool(options: MemoryPoolOptions): SharedArrayBuffer {
  const { totalBytes, slots, storageFraction = 0.5, guaranteedFraction = 0.5, heapBudget } = options;
  if (!(totalBytes >= 0 && Number.isInteger(slots) && slots > 0)) {
    throw new GloamError("GLOAM_INTERNAL", `no memory pool of ${totalBytes} bytes for ${slots} slots`);
  }
  const shared = new SharedArrayBuffer(layout.configurationBytes + 4 * (firstLeaseCell(slots) + leaseCells(slots + 1)));
  const configuration = new Float64Array(shared, 0, layout.configurationBytes / 8);
  const guaranteedPages = Math.floor((((1 - storageFraction) * totalBytes) / slots / pageBytes) * guaranteedFraction);
  configuration[layout.totalPages] = Math.floor(totalBytes / pageBytes);
  configuration[layout.guaranteedBytes] = guaranteedPages * pageBytes;
  configuration[layout.storagePages] = Math.floor((totalBytes * storageFraction) / pageBytes);
  configuration[layout.heapBudget] = heapBudget;
  configuration[layout.slots] = slots;
  const cells = new Int32Array(shared, layout.configurationBytes);
  for (let slot = 0; slot <= slots; slot++) {
    cells[layout.firstAccount + slot * layout.accountCells + layout.cancelled] = -1;
  }
  return shared;
}

function firstLeaseCell(slots: number): number {
  return layout.firstAccount + (slots + 1) * layout.accountCells;
}

/** One thread's view of the pool. Slots `0 .. slots` are the workers'; account `slots` is the executor's main thread's. */
export class MemoryPool {
  readonly slots: number;
  readonly totalBytes: number;
  /** Bytes that every task may hold whatever the others do. */
  readonly guaranteedBytes: number;
  /** Bytes that all storage together may hold, but for cached blocks, and that no execution takes from it. */
  readonly storageLimitBytes: number;
  /** Who reads which cached block. */
  readonly leases: Leases;
  /** Bytes of JavaScript objects that a task may keep on its worker's heap. */
  readonly heapBudget: number;
  readonly #cells: Int32Array;
  readonly #commonPages: number;
  readonly #storagePages: number;

  /** Attaches to a control block that `createMemoryPool` made. */
  constructor(shared: SharedArrayBuffer) {
    const configuration = new Float64Array(shared, 0, layout.configurationBytes / 8);
    const totalPages = configuration[layout.totalPages]!;
    this.slots = configuration[layout.slots]!;
    this.totalBytes = totalPages * pageBytes;
    this.guaranteedBytes = configuration[layout.guaranteedBytes]!;
    this.heapBudget = configuration[layout.heapBudget]!;
    this.#cells = new Int32Array(shared, layout.configurationBytes);
    this.#commonPages = totalPages - (this.slots * this.guaranteedBytes) / pageBytes;
    this.#storagePages = Math.min(configuration[layout.storagePages]!, this.#commonPages);
    this.storageLimitBytes = this.#storagePages * pageBytes;
    const leases = this.#cells.subarray(firstLeaseCell(this.slots));
    this.leases = new Leases(leases, this.#cells.subarray(layout.useClock), this.slots + 1);
  }

  /** Number of the I/O thread among the readers of leases; workers have their slots', the main thread `slots`. */
  get ioReader(): number {
    return this.slots + 1;
  }

  /** A number that no other thread of the executor gets: for slabs and stores. */
  nextId(): number {
    return Atomics.add(this.#cells, 0, 1);
  }

  /** Execution memory of a slot's tasks. */
  execution(slot: number): ExecutionAccount {
    return new ExecutionAccount(this, slot);
  }

  /** Storage memory of a thread: a slot's, or the main thread's (`slots`). */
  storage(slot: number): StorageAccount {
    return new StorageAccount(this, slot);
  }

  /** Marks a slot as having a task, or not: tasks that run share the execution memory. */
  setActive(slot: number, active: boolean): void {
    Atomics.store(this.#cells, this.#cell(slot, layout.active), active ? 1 : 0);
  }

  /**
   * Takes execution pages beyond the guaranteed ones, if so many are free and the task stays within its fair share of
   * what storage leaves.
   */
  takeExecution(slot: number, pages: number): boolean {
    const cell = this.#cell(slot, layout.executionPages);
    const taken = Atomics.add(this.#cells, cell, pages) + pages;
    const stored = this.#sum(layout.storedPages);
    const guaranteed = this.guaranteedBytes / pageBytes;
    const share = (this.totalBytes / pageBytes - stored) / Math.max(1, this.#sum(layout.active));
    if (stored + this.#sum(layout.executionPages) <= this.#commonPages && guaranteed + taken <= share) return true;
    Atomics.sub(this.#cells, cell, pages);
    return false;
  }

  /** Gives execution pages back. */
  giveExecution(slot: number, pages: number): void {
    Atomics.sub(this.#cells, this.#cell(slot, layout.executionPages), pages);
  }

  /**
   * Takes storage pages, if so many are free and storage stays within its limit; for cached blocks (`evictable`), which can be
   * made room of, that is all that execution does not have.
   */
  takeStorage(slot: number, pages: number, evictable = false): boolean {
    const cell = this.#cell(slot, layout.storedPages);
    Atomics.add(this.#cells, cell, pages);
    const stored = this.#sum(layout.storedPages);
    const limit = evictable ? this.#commonPages : this.#storagePages;
    if (stored <= limit && stored + this.#sum(layout.executionPages) <= this.#commonPages) return true;
    Atomics.sub(this.#cells, cell, pages);
    return false;
  }

  /** Gives storage pages back. */
  giveStorage(slot: number, pages: number): void {
    Atomics.sub(this.#cells, this.#cell(slot, layout.storedPages), pages);
  }

  /** Takes storage pages without asking: for blocks that lie in memory already. */
  adoptStorage(slot: number, pages: number): void {
    Atomics.add(this.#cells, this.#cell(slot, layout.storedPages), pages);
  }

  /** Says how many pages of cached blocks an account could make room of. */
  setEvictable(slot: number, pages: number): void {
    Atomics.store(this.#cells, this.#cell(slot, layout.evictablePages), pages);
  }

  /** Says how many blocks an account frees as soon as nobody reads them. */
  setDoomed(slot: number, blocks: number): void {
    Atomics.store(this.#cells, this.#cell(slot, layout.doomedBlocks), blocks);
  }

  /** Whether an account has blocks to free that somebody read when it wanted to. */
  hasDoomed(slot: number): boolean {
    return Atomics.load(this.#cells, this.#cell(slot, layout.doomedBlocks)) > 0;
  }

  /** Whether any account has. */
  get hasAnyDoomed(): boolean {
    return this.#sum(layout.doomedBlocks) > 0;
  }

  /** Bytes that storage holds beyond what is its own: execution that needs them may have cached blocks evicted. */
  get borrowedBytes(): number {
    return Math.max(0, this.#sum(layout.storedPages) - this.#storagePages) * pageBytes;
  }

  /**
   * Asks the other accounts to make room of cached blocks, those with the most first.
   * @param sparing The node whose blocks are to stay, if any.
   * @returns Whether anybody was asked.
   */
  askForRoom(slot: number, bytes: number, sparing: number | undefined): boolean {
    let left = Math.ceil(bytes / pageBytes);
    const others: { readonly other: number; readonly pages: number }[] = [];
    for (let other = 0; other <= this.slots; other++) {
      if (other === slot) continue;
      const pages = Atomics.load(this.#cells, this.#cell(other, layout.evictablePages));
      if (pages > 0) others.push({ other, pages });
    }
    others.sort((a, b) => b.pages - a.pages);
    for (const { other, pages } of others) {
      if (left <= 0) break;
      const asked = Math.min(left, pages);
      Atomics.store(this.#cells, this.#cell(other, layout.askedSparing), sparing === undefined ? 0 : sparing + 1);
      Atomics.add(this.#cells, this.#cell(other, layout.askedPages), asked);
      left -= asked;
    }
    return others.length > 0;
  }

  /** Whether others ask an account to make room. A few nanoseconds. */
  isAskedForRoom(slot: number): boolean {
    return Atomics.load(this.#cells, this.#cell(slot, layout.askedPages)) > 0;
  }

  /** What others ask of an account, which is asked no longer. */
  takeRequest(slot: number): { readonly bytes: number; readonly sparing: number | undefined } {
    const sparing = Atomics.load(this.#cells, this.#cell(slot, layout.askedSparing));
    const pages = Atomics.exchange(this.#cells, this.#cell(slot, layout.askedPages), 0);
    return { bytes: pages * pageBytes, sparing: sparing === 0 ? undefined : sparing - 1 };
  }

  /** Waits so many milliseconds: for others, who may be making room. Never on a thread that has to answer somebody. */
  pause(slot: number, milliseconds: number): void {
    const cell = this.#cell(slot, layout.askedPages);
    Atomics.wait(this.#cells, cell, Atomics.load(this.#cells, cell), milliseconds);
  }

  /** Gives back everything that a slot holds, after its worker died. Its live blocks pass to an `OrphanedOutputs`. */
  reset(slot: number): void {
    const { active, executionPages, storedPages, evictablePages, askedPages, doomedBlocks } = layout;
    for (const offset of [active, executionPages, storedPages, evictablePages, askedPages, doomedBlocks]) {
      Atomics.store(this.#cells, this.#cell(slot, offset), 0);
    }
    this.leases.forget(slot);
    Atomics.store(this.#cells, this.#cell(slot, layout.cancelled), -1);
  }

  /** Asks a slot's task to end. The task sees it at its next `isCancelled`; another task of the slot does not. */
  requestCancel(slot: number, task: number): void {
    Atomics.store(this.#cells, this.#cell(slot, layout.cancelled), task | 0);
  }

  /** Whether the slot's task was asked to end. A few nanoseconds. */
  isCancelled(slot: number, task: number): boolean {
    return Atomics.load(this.#cells, this.#cell(slot, layout.cancelled)) === (task | 0);
  }

  /** What is taken now, in whole pages. All zero when nothing runs and nothing is stored. */
  usage(): { readonly activeSlots: number; readonly executionBytes: number; readonly storageBytes: number } {
    return {
      activeSlots: this.#sum(layout.active),
      executionBytes: this.#sum(layout.executionPages) * pageBytes,
      storageBytes: this.#sum(layout.storedPages) * pageBytes,
    };
  }

  #cell(slot: number, offset: number): number {
    return layout.firstAccount + slot * layout.accountCells + offset;
  }

  #sum(offset: number): number {
    let sum = 0;
    for (let slot = 0; slot <= this.slots; slot++) sum += Atomics.load(this.#cells, this.#cell(slot, offset));
    return sum;
  }
}

/** Attaches a thread to the control block of its executor's memory. */
export function attachMemoryPool(shared: SharedArrayBuffer): MemoryPool {
  return new MemoryPool(shared);
}
