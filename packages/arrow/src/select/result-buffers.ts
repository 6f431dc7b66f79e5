/** Where functions that select rows get the buffers of their results from. */
export interface ResultBuffers {
  int32(length: number): Int32Array;
  float64(length: number): Float64Array;
  /** With arbitrary content. */
  bytes(length: number): Uint8Array;
}

/** Fresh buffers. */
export const freshBuffers: ResultBuffers = {
  int32: (length) => new Int32Array(length),
  float64: (length) => new Float64Array(length),
  bytes: (length) => new Uint8Array(length),
};

/** The same memory for one result after the other: each is valid until `restart`. */
export class ReusedBuffers implements ResultBuffers {
  readonly #buffers: ArrayBuffer[] = [];
  #next = 0;

  /** Begins the next result. */
  restart(): void {
    this.#next = 0;
  }

  int32(length: number): Int32Array {
    return new Int32Array(this.#buffer(4 * length), 0, length);
  }

  float64(length: number): Float64Array {
    return new Float64Array(this.#buffer(8 * length), 0, length);
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(this.#buffer(length), 0, length);
  }

  #buffer(bytes: number): ArrayBuffer {
    const index = this.#next++;
    const buffer = this.#buffers[index];
    if (buffer !== undefined && buffer.byteLength >= bytes) return buffer;
    return (this.#buffers[index] = new ArrayBuffer(Math.max(bytes, 2 * (buffer?.byteLength ?? 0))));
  }
}
