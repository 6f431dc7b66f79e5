import { decodeValue } from "@gloam/arrow";
import { GloamError, readSerializedError, type SerializedError } from "@gloam/common";
import type { BroadcastBytes, BroadcastId } from "@gloam/plan";
import type { BlockAddress, FromExecutor, ToExecutor } from "@gloam/protocol";
import { checksum, type OutputHandle, type Slab } from "@gloam/storage";
import { broadcastSlab, mostPieces, pieceCount, pieceHandle, pieceLength } from "../exchange/broadcast-pieces.ts";
import type { PieceSource } from "../exchange/piece-source.ts";

export interface BroadcastFetcherOptions {
  readonly send: (message: FromExecutor) => void;
  /** Where the driver serves blocks. */
  readonly driver: BlockAddress;
  readonly pieces: PieceSource;
  /** Serves a piece to others from now on; its memory has been announced. */
  readonly serve: (handle: OutputHandle) => void;
  /** Serves these to nobody any more. */
  readonly release: (handles: readonly OutputHandle[]) => void;
  readonly onSlab: (slab: Slab) => void;
  readonly onSlabDropped: (id: number, bytes: number) => void;
  /** The executor's threads. */
  readonly runner: {
    putBroadcast(broadcast: BroadcastId, bytes: BroadcastBytes): void;
    failBroadcast(broadcast: BroadcastId, error: SerializedError): void;
    dropBroadcasts(broadcasts: readonly BroadcastId[]): void;
    isWanted(broadcast: BroadcastId): boolean;
  };
}

type Description = Extract<ToExecutor, { readonly type: "broadcast" }>;

/** A broadcast of which some pieces are here. */
interface Fetched {
  readonly description: Description;
  readonly memory: Uint8Array<SharedArrayBuffer>;
  readonly checksums: Uint32Array;
  /** By piece: from whom it was last asked for. */
  readonly asked: Map<number, string | undefined>;
  readonly here: Set<number>;
}

/**
 * Gets broadcasts for an executor: says to the driver what is wanted, fetches the pieces from where the driver says, checks them and
 * serves those that are here to others.
 */
export class BroadcastFetcher {
  readonly #options: BroadcastFetcherOptions;
  readonly #fetched = new Map<BroadcastId, Fetched>();
  /** Those that this process has no memory for, and what to say of that. */
  readonly #roomless = new Map<BroadcastId, string>();

  constructor(options: BroadcastFetcherOptions) {
    this.#options = options;
  }

  /** A task waits for a broadcast. */
  want(broadcast: BroadcastId): void {
    this.#options.send({ type: "broadcastAsked", broadcast });
  }

  /** @throws GloamError `GLOAM_FRAME_INVALID` for what a driver would not say. */
  receive(
    message: Extract<ToExecutor, { readonly type: "broadcast" | "fetchPieces" | "broadcastFailed" | "dropBroadcasts" }>,
  ): void {
    switch (message.type) {
      case "broadcast":
        return this.#begin(message);
      case "fetchPieces":
        return this.#fetch(message.broadcast, message.pieces, message.from);
      case "broadcastFailed":
        this.#drop(message.broadcast);
        return this.#options.runner.failBroadcast(message.broadcast, readSerializedError(decodeValue(message.error)));
      case "dropBroadcasts":
        for (const broadcast of message.broadcasts) this.#drop(broadcast);
        this.#options.runner.dropBroadcasts(message.broadcasts);
        // Where a task waits for one, it is wanted anew.
        for (const broadcast of message.broadcasts) {
          if (this.#options.runner.isWanted(broadcast)) this.want(broadcast);
        }
        return;
      default:
        return message satisfies never;
    }
  }

  #begin(description: Description): void {
    const { broadcast, bytes, headBytes, pieceBytes, checksums } = description;
    const pieces = pieceCount(bytes, pieceBytes);
    if (pieces > mostPieces || checksums.length !== pieces * 4 || headBytes > bytes) {
      throw new GloamError("GLOAM_FRAME_INVALID", `the driver says of broadcast ${broadcast} what cannot be`);
    }
    this.#drop(broadcast);
    let buffer: SharedArrayBuffer;
    try {
      buffer = new SharedArrayBuffer(bytes);
    } catch {
      // Its pieces will fail, until the driver gives up.
      this.#roomless.set(broadcast, `there is no room for a broadcast of ${bytes} bytes`);
      return;
    }
    this.#roomless.delete(broadcast);
    const fetched: Fetched = {
      description,
      memory: new Uint8Array(buffer),
      checksums: new Uint32Array(Uint8Array.from(checksums).buffer),
      asked: new Map(),
      here: new Set(),
    };
    this.#fetched.set(broadcast, fetched);
    this.#options.onSlab({ id: broadcastSlab(broadcast), buffer });
  }

  #fetch(broadcast: BroadcastId, pieces: readonly number[], from: BlockAddress | undefined): void {
    const fetched = this.#fetched.get(broadcast);
    if (fetched === undefined) {
      const reason = this.#roomless.get(broadcast);
      // Otherwise it was dropped in between.
      if (reason === undefined) return;
      for (const piece of pieces) {
        this.#options.send({ type: "pieceFailed", broadcast, piece, from: from?.executor, reason });
      }
      return;
    }
    const { bytes, pieceBytes } = fetched.description;
    for (const piece of pieces) {
      if (fetched.here.has(piece) || piece >= fetched.checksums.length) continue;
      const source = from?.executor;
      fetched.asked.set(piece, source);
      const length = pieceLength(piece, bytes, pieceBytes);
      this.#options.pieces.fetch(from ?? this.#options.driver, { broadcast, piece, length }, (result) => {
        if (this.#fetched.get(broadcast) !== fetched || fetched.here.has(piece)) return;
        if (result instanceof Uint8Array && checksum(result) === fetched.checksums[piece]) {
          this.#take(broadcast, fetched, piece, result);
        } else if (fetched.asked.get(piece) === source) {
          const reason = result instanceof Uint8Array ? "its checksum is wrong" : result.message;
          this.#options.send({ type: "pieceFailed", broadcast, piece, from: source, reason });
        }
      });
    }
  }

  #take(broadcast: BroadcastId, fetched: Fetched, piece: number, bytes: Uint8Array): void {
    const { description, memory, here, checksums } = fetched;
    memory.set(bytes, piece * description.pieceBytes);
    here.add(piece);
    this.#options.serve(pieceHandle(broadcast, piece, description));
    this.#options.send({ type: "pieceTaken", broadcast, piece });
    if (here.size < checksums.length) return;
    this.#options.runner.putBroadcast(broadcast, { buffer: memory.buffer, headBytes: description.headBytes });
  }

  #drop(broadcast: BroadcastId): void {
    this.#roomless.delete(broadcast);
    const fetched = this.#fetched.get(broadcast);
    if (fetched === undefined) return;
    this.#fetched.delete(broadcast);
    this.#options.release([...fetched.here].map((piece) => pieceHandle(broadcast, piece, fetched.description)));
    this.#options.onSlabDropped(broadcastSlab(broadcast), fetched.memory.byteLength);
  }
}
