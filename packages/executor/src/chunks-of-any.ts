import type { Chunks } from "./block-reader.ts";
import { TaskKilledError } from "./block-failure.ts";

/**
 * The chunks of a block of which there are several copies, equal chunk by chunk: where one cannot be read the next takes over, also in
 * the middle. What another task computed is no copy.
 * Throws the last one's error where none can.
 */
export class ChunksOfAny implements Chunks {
  readonly #copies: (() => Chunks)[];
  readonly #range: readonly [from: number, to: number] | undefined;
  #open: Chunks | undefined;

  /** @param copies Open each copy, the best first. */
  constructor(copies: readonly (() => Chunks)[], range?: readonly [from: number, to: number]) {
    this.#copies = [...copies];
    this.#range = range;
  }

  get chunks(): number {
    return this.#try((chunks) => chunks.chunks);
  }

  chunk(index: number): Uint8Array {
    return this.#try((chunks) => chunks.chunk(index));
  }

  range(from: number, to: number): Chunks {
    this.close();
    return new ChunksOfAny(this.#copies, [from, to]);
  }

  close(): void {
    const open = this.#open;
    this.#open = undefined;
    open?.close();
  }

  #try<T>(action: (chunks: Chunks) => T): T {
    for (;;) {
      try {
        return action((this.#open ??= this.#next()));
      } catch (error) {
        // That the task was cancelled while it waited says nothing of a copy.
        if (error instanceof TaskKilledError || this.#copies.length <= 1) throw error;
        this.close();
        this.#copies.shift();
      }
    }
  }

  #next(): Chunks {
    const [copy] = this.#copies;
    if (copy === undefined) throw new RangeError("a block has one copy at least");
    const chunks = copy();
    return this.#range === undefined ? chunks : (chunks.range?.(...this.#range) ?? chunks);
  }
}
