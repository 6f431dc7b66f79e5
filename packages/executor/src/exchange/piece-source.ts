import { deserializeError } from "@gloam/common";
import type { BroadcastId } from "@gloam/plan";
import type { BlockAddress } from "@gloam/protocol";
import type { MessagePort } from "node:worker_threads";
import { pieceName } from "./broadcast-pieces.ts";
import type { FromReader, ToReader } from "./exchange-messages.ts";

/** A piece of a broadcast, and how many bytes it has. */
export interface WantedPiece {
  readonly broadcast: BroadcastId;
  readonly piece: number;
  readonly length: number;
}

/** What a piece is: its bytes, or why it cannot be had. */
export type OnPiece = (result: Uint8Array | Error) => void;

/** Fetches pieces of broadcasts. */
export interface PieceSource {
  /** Calls back once, later. */
  fetch(from: BlockAddress, piece: WantedPiece, onPiece: OnPiece): void;
}

/** Fetches pieces by an executor's I/O thread, through a port as workers have one. */
export class FetchedPieces implements PieceSource {
  readonly #port: MessagePort;
  readonly #asked = new Map<number, OnPiece>();
  #nextFetch = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on("message", (message: ToReader) => this.#receive(message));
    port.unref();
  }

  fetch(from: BlockAddress, { broadcast, piece, length }: WantedPiece, onPiece: OnPiece): void {
    const fetch = this.#nextFetch++;
    this.#asked.set(fetch, onPiece);
    const part = { ...pieceName(broadcast, piece), segment: 0, from: 0, to: 1, chunkBytes: [length] };
    this.#port.postMessage({ type: "fetch", fetch, address: from, parts: [part] } satisfies FromReader);
  }

  #receive({ fetch, parts, buffers }: ToReader): void {
    const onPiece = this.#asked.get(fetch);
    const [fetched] = parts;
    if (onPiece === undefined || fetched === undefined) return;
    this.#asked.delete(fetch);
    if ("error" in fetched) {
      const error: unknown = deserializeError(fetched.error);
      onPiece(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    const [buffer = 0, offset = 0, length = 0] = fetched.places;
    onPiece(new Uint8Array(buffers[buffer] ?? new ArrayBuffer(0), offset, length));
  }
}
