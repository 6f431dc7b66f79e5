import { GloamError } from "@gloam/common";

const mebibyte = 1024 * 1024;
/** What threads, code and buffers in flight take besides. */
const reserved = 256 * mebibyte;
const leastHeap = 64 * mebibyte;
const leastPool = 32 * mebibyte;

/** How an executor's memory is divided. Bytes. */
export interface MemoryShares {
  /** Limit of each worker's JavaScript heap. */
  readonly workerHeap: number;
  /** The pool for buffers, cached blocks and shuffle outputs. */
  readonly pool: number;
}

/**
 * Divides an executor's memory: `slots` x worker heap + pool + 256 MiB. Rows live on the heap only a batch at a time,
 * so the pool, where everything that grows with the data lies, gets the larger part.
 */
export function divideMemory(total: number, slots: number, poolFraction = 0.5): MemoryShares {
  const least = reserved + slots * leastHeap + leastPool;
  if (total < least) {
    throw new GloamError(
      "GLOAM_CONF_INVALID",
      `executor.memory of ${Math.floor(total / mebibyte)} MiB is too little for ${slots} slots`,
      { hint: `give at least ${Math.ceil(least / mebibyte)} MiB, or fewer slots` },
    );
  }
  const free = total - reserved;
  const pool = Math.max(leastPool, Math.min(Math.floor(free * poolFraction), free - slots * leastHeap));
  return { pool, workerHeap: Math.floor((free - pool) / slots) };
}
