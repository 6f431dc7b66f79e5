import { GloamError } from "@gloam/common";
import * as zlib from "node:zlib";
import type { ByteStream } from "./byte-stream.ts";
import { StepDecoder } from "./step-decoder.ts";
import { ZstdFrames } from "./zstd-frames.ts";

const inputBytes = 64 * 1024;

/** From Node 22.15 on: not in the types of the oldest Node that is supported. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => unknown };

/** Whether a file begins like a zstd file. Needs four bytes. */
export function isZstd(head: Uint8Array): boolean {
  return head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
}

/** Whether this Node.js can decode zstd. */
export const decodesZstd = createZstdDecompress !== undefined;

/**
 * The text of a zstd file of one or more frames, in memory of bounded size, by Node's own decoder. Checksums are checked where the
 * file has them; damaged, cut or foreign data is GLOAM_INPUT_UNREADABLE, as is any where Node.js has no decoder.
 */
export class ZstdStream implements ByteStream {
  readonly #path: string;
  readonly #source: ByteStream;
  readonly #decoder: StepDecoder;
  readonly #frames = new ZstdFrames();
  readonly #input = new Uint8Array(inputBytes);
  #from = 0;
  #to = 0;
  #isEmpty = true;

  constructor(path: string, source: ByteStream) {
    if (createZstdDecompress === undefined) {
      throw new GloamError(
        "GLOAM_INPUT_UNREADABLE",
        `${path} is a zstd file, and Node.js ${process.version} reads none`,
        {
          hint: "run executors with Node.js 22.15 or newer, or compress the file with gzip or bzip2",
        },
      );
    }
    this.#path = path;
    this.#source = source;
    this.#decoder = new StepDecoder(createZstdDecompress());
  }

  read(target: Uint8Array, offset: number, length: number): number {
    for (;;) {
      // Output may wait in the decoder when all input is taken.
      const { consumed, produced } = this.#step(target, offset, length);
      this.#from += consumed;
      if (produced > 0) return produced;
      if (this.#from < this.#to) {
        if (consumed === 0) throw this.#damaged("the decoder does not go on");
        continue;
      }
      if (!this.#fill()) return 0;
    }
  }

  close(): void {
    this.#decoder.close();
    this.#source.close();
  }

  #step(target: Uint8Array, offset: number, length: number): { readonly consumed: number; readonly produced: number } {
    try {
      return this.#decoder.step(this.#input, this.#from, this.#to, target, offset, length);
    } catch (error) {
      throw this.#damaged(String(error), error);
    }
  }

  /** False at the end of the file. */
  #fill(): boolean {
    this.#from = 0;
    this.#to = this.#source.read(this.#input, 0, inputBytes);
    if (this.#to === 0) {
      if (this.#isEmpty || !this.#frames.areWhole) throw this.#damaged("it is cut off");
      return false;
    }
    this.#isEmpty = false;
    if (!this.#frames.take(this.#input, 0, this.#to)) throw this.#damaged("no frame where one must be");
    return true;
  }

  #damaged(what: string, cause?: unknown): GloamError {
    return new GloamError("GLOAM_INPUT_UNREADABLE", `${this.#path} is no intact zstd file: ${what}`, { cause });
  }
}
