/** Shared memory in which the I/O thread counts what it has put into a worker's port. One for each worker. */
export function createExchangeSignal(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}
