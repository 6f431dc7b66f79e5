import type { BlockCodec } from "./block-codec.ts";

/** What is shorter is not worth the time that a codec takes to begin. */
const leastBytes = 1024;
/** And what is longer would hold up all connections: 10 to 300 ms at once. */
const mostBytes = 16 * 1024 * 1024;
/** Share of its bytes that has to be saved. */
const leastSaved = 1 / 8;
/** Attachments that are sent as they are after one that did not shrink, at most. */
const longestPause = 15;

/**
 * Compresses the attachments of one connection where that saves something. What cannot be compressed comes in long rows: after each
 * such attachment the next 1, 3, 7 and then 15 are not even tried.
 */
export class AnswerCompressor {
  readonly #codec: BlockCodec;
  #pause = 0;
  #paused = 0;

  constructor(codec: BlockCodec) {
    this.#codec = codec;
  }

  /** The attachment in fewer bytes; undefined where it has to go as it is. */
  compress(attachment: Uint8Array): Uint8Array | undefined {
    if (attachment.length < leastBytes || attachment.length > mostBytes) return undefined;
    if (this.#paused > 0) {
      this.#paused--;
      return undefined;
    }
    const compressed = this.#codec.compress(attachment);
    if (compressed.length > attachment.length * (1 - leastSaved)) {
      this.#pause = Math.min(longestPause, 2 * this.#pause + 1);
      this.#paused = this.#pause;
      return undefined;
    }
    this.#pause = 0;
    return compressed;
  }
}
