import { constants } from "node:zlib";
import { GloamError } from "@gloam/common";

/** The parts of Node's zlib streams that make them synchronous. They are not documented, but the same in Node 20 to 26. */
interface ZlibHandle {
  writeSync(
    flush: number,
    input: Uint8Array | null,
    inputOffset: number,
    inputLength: number,
    output: Uint8Array,
    outputOffset: number,
    outputLength: number,
  ): void;
  reset(): void;
  close(): void;
  onerror: (message: string, errno: number, code: string) => void;
}

/** How far a step came. */
export interface DecoderStep {
  /** Bytes of the input that were taken. */
  readonly consumed: number;
  /** Bytes of the output that were written. */
  readonly produced: number;
}

/**
 * Decodes compressed data step by step and synchronously, in bounded memory. `node:zlib` has either whole buffers or
 * asynchronous streams; this drives the object inside such a stream, as its own synchronous functions do, and keeps it
 * between steps.
 */
export class StepDecoder {
  readonly #handle: ZlibHandle;
  /** Written by the handle: room left in the output, bytes left of the input. */
  readonly #left: Uint32Array;
  #failure: string | undefined;

  /** @param stream One of `node:zlib`'s decoding streams, that nobody else uses. */
  constructor(stream: unknown) {
    if (!isDrivable(stream)) {
      throw new GloamError("GLOAM_INTERNAL", `zlib of Node.js ${process.version} cannot be driven synchronously`);
    }
    this.#handle = stream._handle;
    this.#left = stream._writeState;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- not an event target: native code calls this property
    this.#handle.onerror = (message, _errno, code) => (this.#failure = `${code}: ${message}`);
  }

  /** Takes some input and writes some output. Throws on damaged data. When output has room left, more input is needed or the data ends. */
  step(input: Uint8Array, from: number, to: number, output: Uint8Array, offset: number, length: number): DecoderStep {
    this.#handle.writeSync(constants.Z_NO_FLUSH, input, from, to - from, output, offset, length);
    if (this.#failure !== undefined) throw new Error(this.#failure);
    return { consumed: to - from - this.#left[1]!, produced: length - this.#left[0]! };
  }

  /** Begins anew with other data. */
  reset(): void {
    this.#handle.reset();
  }

  /** Frees the native memory: about 40 KiB for deflate. */
  close(): void {
    this.#handle.close();
  }
}

function isDrivable(stream: unknown): stream is { _handle: ZlibHandle; _writeState: Uint32Array } {
  const { _handle: handle, _writeState: state } = stream as { _handle?: Partial<ZlibHandle>; _writeState?: unknown };
  return typeof handle?.writeSync === "function" && typeof handle.reset === "function" && state instanceof Uint32Array;
}
