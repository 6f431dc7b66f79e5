import { GloamError } from "@gloam/common";
import type { Delivery } from "@gloam/protocol";
import type { BlockCodec } from "./block-codec.ts";
import {
  invalidBlocks,
  type BlockAnswer,
  type BlockPart,
  type BlockRequest,
  type PartAnswer,
  type WantedPart,
} from "./block-messages.ts";
import { layOut, type LaidOut } from "./chunk-layout.ts";

/** What became of a part, by its number in what was asked: some of its chunks, or why there are no more. */
export type FetchedPart =
  /** Each chunk begins at a multiple of 8. Their memory belongs to these parts alone, and may be transferred. */
  | { readonly part: number; readonly from: number; readonly chunks: readonly Uint8Array[] }
  | { readonly part: number; readonly error: GloamError };

/** Takes what has come in one message: the chunks of a part come in order, parts in any. */
export type OnFetched = (parts: readonly FetchedPart[]) => void;

/** What an answer has of a part: chunks by their lengths, or why there are no more. */
interface TakenPart {
  readonly part: number;
  readonly from: number;
  readonly chunkBytes: readonly number[];
  readonly error: GloamError | undefined;
}

/** Parts that were asked for together, and what of them is still to come. */
export class BlockFetch {
  readonly #parts: readonly WantedPart[];
  /** Number of the first part in the whole of what was asked. */
  readonly #first: number;
  readonly #onFetched: OnFetched;
  readonly #codec: BlockCodec | undefined;
  /** The next chunk of each part. */
  #next: number[];
  /** The parts that were asked for last, by their number in that request. */
  #asked: readonly number[] = [];
  #left: number;

  /** @param codec What answers may be compressed with. */
  constructor(parts: readonly WantedPart[], first: number, onFetched: OnFetched, codec: BlockCodec | undefined) {
    this.#parts = parts;
    this.#first = first;
    this.#onFetched = onFetched;
    this.#codec = codec;
    this.#next = parts.map(({ from }) => from);
    this.#left = parts.length;
  }

  get isDone(): boolean {
    return this.#left === 0;
  }

  /** What is missing, to be asked for in one request. */
  ask(): Omit<Extract<BlockRequest, { readonly parts: unknown }>, "id"> {
    this.#asked = [...this.#parts.keys()].filter((part) => this.#isOpen(part));
    const parts = this.#asked.map((part): BlockPart => {
      const { store, output, segment, to } = this.#parts[part]!;
      return { store, output, segment, from: this.#next[part]!, to };
    });
    return { codec: this.#codec?.name, parts };
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
    // Before anything is made of it: what is named twice would be made twice.
    const taken = answer.parts.map((each) => this.#advance(each));
    const lengths = taken.flatMap(({ chunkBytes }) => chunkBytes);
    const layout = layOut(lengths, this.#codec !== undefined);
    if (layout.length !== attachments.length) {
      throw invalidBlocks("its attachments are not those that its chunks need");
    }
    const buffers =
      answer.compressed === true ? this.#decompress(taken, layout, attachments) : buffersOf(layout, attachments);
    const chunks = buffers && chunksIn(buffers, layout, lengths);
    if (chunks === undefined) return this.#giveUp(taken);
    let at = 0;
    return taken.map(({ part, from, chunkBytes, error }): FetchedPart => {
      const number = this.#first + part;
      return error === undefined
        ? { part: number, from, chunks: chunks.slice(at, (at += chunkBytes.length)) }
        : { part: number, error };
    });
  }

  /** Checks what is said of one part, and counts it as taken. */
  #advance(answer: PartAnswer): TakenPart {
    const part = this.#asked[answer.part];
    if (part === undefined || !this.#isOpen(part)) throw invalidBlocks(`it has no open part ${answer.part}`);
    const from = this.#next[part]!;
    if ("failure" in answer) {
      this.#finish(part);
      return { part, from, chunkBytes: [], error: failureOf(answer) };
    }
    const next = from + answer.lengths.length;
    const { to } = this.#parts[part]!;
    if (answer.from !== from || next === from || next > to) {
      throw invalidBlocks(`chunks of part ${answer.part} do not follow those before`);
    }
    this.#next[part] = next;
    if (next === to) this.#finish(part);
    return { part, from, chunkBytes: answer.lengths, error: undefined };
  }

  /**
   * The attachment as it was; undefined where it was not compressed from chunks of the lengths that the index says. Nothing is made
   * that would be longer than those.
   */
  #decompress(
    taken: readonly TakenPart[],
    [laidOut]: readonly LaidOut[],
    [attachment]: Delivery["attachments"],
  ): ArrayBuffer[] | undefined {
    if (this.#codec === undefined) throw invalidBlocks("it is compressed, and nobody asked for that");
    if (attachment === undefined || laidOut === undefined || attachment.length >= laidOut.bytes) {
      throw invalidBlocks("it is compressed, and not shorter than its chunks");
    }
    const isAnnounced = taken.every(({ part, from, chunkBytes }) => {
      const { from: first, chunkBytes: announced } = this.#parts[part]!;
      return chunkBytes.every((length, index) => announced[from - first + index] === length);
    });
    if (!isAnnounced) return undefined;
    try {
      return [this.#codec.decompress(attachment, laidOut.bytes).buffer];
    } catch {
      return undefined;
    }
  }

  /** Ends each part whose chunks cannot be read, once, whatever else came of it. */
  #giveUp(taken: readonly TakenPart[]): FetchedPart[] {
    const errors = new Map<number, GloamError>();
    for (const { part, error } of taken) {
      if (errors.has(part)) continue;
      if (this.#isOpen(part)) this.#finish(part);
      errors.set(part, error ?? notDecompressed(this.#parts[part]!));
    }
    return Array.from(errors, ([part, error]) => ({ part: this.#first + part, error }));
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

function notDecompressed({ store, output, segment }: BlockPart): GloamError {
  return new GloamError(
    "GLOAM_BLOCK_CORRUPT",
    `chunks of segment ${segment} of output ${output} of store ${store} came compressed from other bytes than were announced`,
  );
}

/** The attachments, each from the beginning of a buffer that is nobody else's. */
function buffersOf(layout: readonly LaidOut[], attachments: Delivery["attachments"]): ArrayBuffer[] {
  return layout.map(({ bytes }, index) => {
    const attachment = attachments[index]!;
    if (attachment.length !== bytes) throw invalidBlocks("an attachment has not the length of its chunks");
    return owned(attachment);
  });
}

/** Chunks of these lengths, as views. */
function chunksIn(
  buffers: readonly ArrayBuffer[],
  layout: readonly LaidOut[],
  lengths: readonly number[],
): Uint8Array[] {
  return layout.flatMap(({ first, offsets }, index) =>
    offsets.map((offset, at) => new Uint8Array(buffers[index]!, offset, lengths[first + at])),
  );
}

/**
 * Bytes in an ArrayBuffer of their own. The WebSocket makes one for a message that came in several pieces; others are views of
 * what was read from the socket.
 */
function owned(bytes: Uint8Array): ArrayBuffer {
  const { length, buffer } = bytes;
  // All empty messages are one and the same.
  if (length > 0 && length === buffer.byteLength && buffer instanceof ArrayBuffer) return buffer;
  // Not `slice`, which for a Buffer gives a view.
  return new Uint8Array(bytes).buffer;
}
