/** Bytes of blocks that an executor has exchanged with others so far. */
export interface BlockTraffic {
  readonly fetchedBytes: number;
  readonly servedBytes: number;
}

const fetched = 0;
const served = 1;

/** Memory of counters, all 0. */
export function createTrafficCounters(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT);
}

/** Counters that the I/O thread writes and the executor's main thread reads, without a message between them. */
export class TrafficCounters {
  readonly #counters: BigInt64Array;

  constructor(shared: SharedArrayBuffer) {
    this.#counters = new BigInt64Array(shared);
  }

  addFetched(bytes: number): void {
    Atomics.add(this.#counters, fetched, BigInt(bytes));
  }

  addServed(bytes: number): void {
    Atomics.add(this.#counters, served, BigInt(bytes));
  }

  read(): BlockTraffic {
    return {
      fetchedBytes: Number(Atomics.load(this.#counters, fetched)),
      servedBytes: Number(Atomics.load(this.#counters, served)),
    };
  }
}

/** Bytes of the attachments of a message. */
export function bytesOf(attachments: readonly Uint8Array[]): number {
  return attachments.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
