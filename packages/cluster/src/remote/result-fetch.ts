import { GloamError } from "@gloam/common";
import type { BlockAddress } from "@gloam/protocol";
import type { TaskId } from "@gloam/scheduler";

/** A result that its executor keeps as an output of one segment. */
export interface KeptResult {
  readonly task: TaskId;
  readonly address: BlockAddress;
  readonly store: number;
  readonly output: number;
  /** Bytes of each of its chunks. */
  readonly chunkBytes: readonly number[];
}

/** A result while it is fetched: which of its chunks were asked for, and which are here. */
export class ResultFetch {
  readonly result: KeptResult;
  /** Bytes that were asked for and are not here. */
  inFlight = 0;
  readonly #onEnd: (result: Uint8Array | GloamError) => void;
  readonly #wanted = new AbortController();
  /** Where each chunk begins, and the last ends. */
  readonly #offsets: readonly number[];
  #bytes: Uint8Array | undefined;
  #next = 0;
  #missing: number;

  constructor(result: KeptResult, onEnd: (result: Uint8Array | GloamError) => void) {
    this.result = result;
    this.#onEnd = onEnd;
    this.#missing = result.chunkBytes.length;
    let offset = 0;
    this.#offsets = [0, ...result.chunkBytes.map((bytes) => (offset += bytes))];
  }

  /** Whether all of it was asked for. */
  get isAsked(): boolean {
    return this.#next === this.result.chunkBytes.length;
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }

  /** Aborted when the rest is not wanted any more. */
  get signal(): AbortSignal {
    return this.#wanted.signal;
  }

  /** The next chunks that are not asked for: one at least, and as many as have so many bytes together. */
  nextPiece(most: number): { readonly from: number; readonly to: number; readonly bytes: number } {
    const from = this.#next;
    const begin = this.#offsets[from]!;
    let to = from + 1;
    while (to < this.result.chunkBytes.length && this.#offsets[to + 1]! - begin <= most) to++;
    return { from, to, bytes: this.#offsets[to]! - begin };
  }

  /**
   * A piece is asked for.
   * @throws GloamError `GLOAM_OUT_OF_MEMORY` where there is no room for the result.
   */
  ask({ to, bytes }: { readonly to: number; readonly bytes: number }): void {
    this.#bytes ??= room(this.#offsets.at(-1)!);
    this.#next = to;
    this.inFlight += bytes;
  }

  /**
   * Takes chunks that have come; gives their bytes.
   * @throws GloamError `GLOAM_BLOCK_CORRUPT` for others than were announced.
   */
  take(from: number, chunks: readonly Uint8Array[]): number {
    let bytes = 0;
    chunks.forEach((chunk, index) => {
      const at = from + index;
      if (chunk.length !== this.result.chunkBytes[at]) {
        const { store, output } = this.result;
        throw new GloamError(
          "GLOAM_BLOCK_CORRUPT",
          `chunk ${at} of the result in output ${output} of store ${store} has ${chunk.length} bytes`,
        );
      }
      this.#bytes?.set(chunk, this.#offsets[at]);
      bytes += chunk.length;
    });
    this.#missing -= chunks.length;
    this.inFlight -= bytes;
    return bytes;
  }

  /** Tells of its end: its bytes, or why they cannot be had. */
  end(failure: GloamError | undefined): void {
    this.#onEnd(failure ?? this.#bytes ?? new Uint8Array(0));
  }

  /** Asks for no more, and takes nothing more. */
  abort(): void {
    this.#wanted.abort();
  }
}

function room(bytes: number): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new GloamError("GLOAM_OUT_OF_MEMORY", `the driver has no room for a result of ${bytes} bytes`, { cause });
  }
}
