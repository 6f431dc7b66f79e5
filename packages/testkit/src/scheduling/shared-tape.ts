/**
 * Lines that one thread writes and others read at once, whatever they do: where a thread that computes has to be seen
 * from, or has to see, another.
 */
export class SharedTape {
  /** Give it to the other thread, which makes a tape of it. */
  readonly shared: SharedArrayBuffer;
  readonly #end: Int32Array;
  readonly #bytes: Uint8Array;

  /** @param shared the memory of a tape, or the number of bytes for a new one. */
  constructor(shared: SharedArrayBuffer | number) {
    this.shared = typeof shared === "number" ? new SharedArrayBuffer(4 + shared) : shared;
    this.#end = new Int32Array(this.shared, 0, 1);
    this.#bytes = new Uint8Array(this.shared, 4);
  }

  /** One thread only may write. */
  write(line: unknown): void {
    const text = new TextEncoder().encode(`${JSON.stringify(line)}\n`);
    const at = Atomics.load(this.#end, 0);
    this.#bytes.set(text, at);
    Atomics.store(this.#end, 0, at + text.length);
    Atomics.notify(this.#end, 0);
  }

  lines(): unknown[] {
    const text = new TextDecoder().decode(this.#bytes.slice(0, Atomics.load(this.#end, 0)));
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown);
  }
}
