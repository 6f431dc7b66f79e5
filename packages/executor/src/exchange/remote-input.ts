import { GloamError } from "@gloam/common";
import type { ReadingOrder } from "./read-ahead.ts";
import type { RemoteSegment } from "./remote-segment.ts";

/** What becomes of a chunk. */
const nothing = 0;
const asked = 1;
const arrived = 2;
const read = 3;
/** Its bytes are in the task's account. */
const accounted = 4;

/** One segment of another executor while a task reads it. */
export class RemoteInput {
  readonly remote: RemoteSegment;
  /** The order of segments, each read from beginning to end, that it was listed in. */
  list: ReadingOrder | undefined;
  /** Why chunks that have not arrived never will. */
  failure: GloamError | undefined;
  readonly #states: Uint8Array;
  readonly #arrived = new Map<number, Uint8Array>();

  constructor(remote: RemoteSegment) {
    this.remote = remote;
    this.#states = new Uint8Array(remote.chunkBytes.length);
  }

  get chunks(): number {
    return this.#states.length;
  }

  bytesOf(chunk: number): number {
    return this.remote.chunkBytes[chunk]!;
  }

  /** Neither asked for nor read. */
  isUntouched(chunk: number): boolean {
    return this.#states[chunk] === nothing;
  }

  /** Asked for, and not read. */
  isPending(chunk: number): boolean {
    const state = this.#states[chunk]! & ~accounted;
    return state === asked || state === arrived;
  }

  ask(chunk: number, isAccounted: boolean): void {
    this.#states[chunk] = asked | (isAccounted ? accounted : 0);
  }

  /** Bytes that have come; ignored where nobody wants them any more. */
  arrive(chunk: number, bytes: Uint8Array): void {
    if ((this.#states[chunk]! & ~accounted) !== asked) return;
    if (bytes.length !== this.bytesOf(chunk)) {
      const { store, output, segment } = this.remote;
      this.failure = new GloamError(
        "GLOAM_BLOCK_CORRUPT",
        `chunk ${chunk} of segment ${segment} of output ${output} of store ${store} has ${bytes.length} bytes, not ${this.bytesOf(chunk)}`,
      );
      return;
    }
    this.#states[chunk]! += arrived - asked;
    this.#arrived.set(chunk, bytes);
  }

  /** The bytes of a chunk that has arrived. */
  peek(chunk: number): Uint8Array | undefined {
    return this.#arrived.get(chunk);
  }

  /** Forgets a pending chunk, which was read or is not wanted; gives whether it was accounted. */
  forget(chunk: number, wasRead: boolean): boolean {
    const isAccounted = (this.#states[chunk]! & accounted) !== 0;
    this.#arrived.delete(chunk);
    this.#states[chunk] = wasRead ? read : nothing;
    return isAccounted;
  }

  /** Chunks `from .. to` will be read, again perhaps. */
  renew(from: number, to: number): void {
    for (let chunk = from; chunk < to; chunk++) {
      if (this.#states[chunk] === read) this.#states[chunk] = nothing;
    }
  }
}
