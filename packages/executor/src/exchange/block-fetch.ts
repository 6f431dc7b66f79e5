import { GloamError } from "@gloam/common";
import type { Delivery } from "@gloam/protocol";
import { invalidBlocks, type BlockAnswer, type BlockPart, type PartAnswer } from "./block-messages.ts";
import { layOut } from "./chunk-layout.ts";

/** What became of a part, by its number in what was asked: some of its chunks, or why there are no more. */
export type FetchedPart =
  /** Each chunk begins at a multiple of 8. Their memory belongs to these parts alone, and may be transferred. */
  | { readonly part: number; readonly from: number; readonly chunks: readonly Uint8Array[] }
  | { readonly part: number; readonly error: GloamError };

/** Takes what has come in one message: the chunks of a part come in order, parts in any. */
export type OnFetched = (parts: readonly FetchedPart[]) => void;

/** Parts that were asked for together, and what of them is still to come. */
export class BlockFetch {
  readonly #parts: readonly BlockPart[];
  /** Number of the first part in the whole of what was asked. */
  readonly #first: number;
  readonly #onFetched: OnFetched;
  /** The next chunk of each part. */
  #next: number[];
  /** The parts that were asked for last, by their number in that request. */
  #asked: readonly number[] = [];
  #left: number;

  constructor(parts: readonly BlockPart[], first: number, onFetched: OnFetched) {
    this.#parts = parts;
    this.#first = first;
    this.#onFetched = onFetched;
    this.#next = parts.map(({ from }) => from);
    this.#left = parts.length;
  }

  get isDone(): boolean {
    return this.#left === 0;
  }

  /** What is missing, to be asked for in one request. */
  ask(): BlockPart[] {
    this.#asked = [...this.#parts.keys()].filter((part) => this.#isOpen(part));
    return this.#asked.map((part) => ({ ...this.#parts[part]!, from: this.#next[part]! }));
  }

  /**
   * Takes an answer to the last request.
   * @throws GloamError `GLOAM_FRAME_INVALID` for one that is none.
   */
  take(answer: BlockAnswer, attachments: Delivery["attachments"]): void {
    const before = { next: [...this.#next], left: this.#left };
    let fetched: readonly FetchedPart[];
    try {
      fetched = this.#read(answer, attachments);
    } catch (error) {
      // Nothing of it counts.
      this.#next = before.next;
      this.#left = before.left;
      throw error;
    }
    this.#onFetched(fetched);
  }

  /** Gives up what is missing. */
  fail(error: GloamError): void {
    const missing = [...this.#parts.keys()].filter((part) => this.#isOpen(part));
    for (const part of missing) this.#finish(part);
    this.#onFetched(missing.map((part) => ({ part: this.#first + part, error })));
  }

  #read(answer: BlockAnswer, attachments: Delivery["attachments"]): FetchedPart[] {
    const lengths = answer.parts.flatMap((each) => ("failure" in each ? [] : each.lengths));
    const chunks = chunksIn(attachments, lengths);
    let at = 0;
    return answer.parts.map((each): FetchedPart => {
      const part = this.#asked[each.part];
      if (part === undefined || !this.#isOpen(part)) throw invalidBlocks(`it has no open part ${each.part}`);
      if ("failure" in each) {
        this.#finish(part);
        return { part: this.#first + part, error: failureOf(each) };
      }
      const from = this.#next[part]!;
      const next = from + each.lengths.length;
      if (each.from !== from || next === from || next > this.#parts[part]!.to) {
        throw invalidBlocks(`chunks of part ${each.part} do not follow those before`);
      }
      this.#next[part] = next;
      if (next === this.#parts[part]!.to) this.#finish(part);
      return { part: this.#first + part, from, chunks: chunks.slice(at, (at += each.lengths.length)) };
    });
  }

  #isOpen(part: number): boolean {
    return this.#next[part] !== Infinity;
  }

  #finish(part: number): void {
    this.#next[part] = Infinity;
    this.#left--;
  }
}

function failureOf({ failure, detail }: Extract<PartAnswer, { readonly failure: unknown }>): GloamError {
  return new GloamError(failure === "corrupt" ? "GLOAM_BLOCK_CORRUPT" : "GLOAM_FETCH_FAILED", detail);
}

/** Chunks of these lengths, as views of the attachments, or of copies. */
function chunksIn(attachments: readonly Uint8Array[], lengths: readonly number[]): Uint8Array[] {
  const layout = layOut(lengths);
  if (layout.length !== attachments.length) throw invalidBlocks("its attachments are not those that its chunks need");
  return layout.flatMap(({ first, offsets, bytes }, index) => {
    const attachment = attachments[index]!;
    if (attachment.length !== bytes) throw invalidBlocks("an attachment has not the length of its chunks");
    const { buffer } = owned(attachment);
    return offsets.map((offset, at) => new Uint8Array(buffer, offset, lengths[first + at]));
  });
}

/**
 * Bytes in an ArrayBuffer of their own. The WebSocket makes one for a message that came in several pieces; others are views of
 * what was read from the socket.
 */
function owned(bytes: Uint8Array): Uint8Array {
  const { length, buffer } = bytes;
  // All empty messages are one and the same.
  if (length > 0 && length === buffer.byteLength && buffer instanceof ArrayBuffer) return bytes;
  // Not `slice`, which for a Buffer gives a view.
  return new Uint8Array(bytes);
}
