import { encodeValue } from "@gloam/arrow";
import { GloamError, serializeError, type Random } from "@gloam/common";
import type { BlockServer } from "@gloam/executor/blocks";
import { broadcastSlab, pieceCount, pieceHandle } from "@gloam/executor/blocks";
import type { BroadcastBytes, BroadcastId } from "@gloam/plan";
import type { BlockAddress, FromExecutor, ToExecutor } from "@gloam/protocol";
import { checksum } from "@gloam/storage";
import { BroadcastTracker } from "./broadcast-tracker.ts";

/** Where the driver's pieces are served from: a `BlockServer`. */
type PieceServer = Pick<BlockServer, "addSlab" | "dropSlab" | "commit" | "free">;

export interface RemoteBroadcastsOptions {
  readonly server: PieceServer;
  readonly random: Random;
  /** Bytes of a piece. */
  readonly pieceBytes: number;
}

/** Whom broadcasts are told to. */
export interface BroadcastTeller {
  readonly send: (executor: string, message: ToExecutor) => void;
  /** Where an executor serves blocks; undefined for one that is gone. */
  readonly addressOf: (executor: string) => BlockAddress | undefined;
}

/** Broadcasts of fewer bytes go from the driver to every executor. */
const smallBytes = 256 * 1024;

type Described = Omit<Extract<ToExecutor, { readonly type: "broadcast" }>, "type" | "broadcast">;
type Report = Extract<FromExecutor, { readonly type: "broadcastAsked" | "pieceTaken" | "pieceFailed" }>;

/** The driver's side of broadcasts for executors in other processes: has their bytes, and says who gets what from whom. */
export class RemoteBroadcasts {
  readonly #options: RemoteBroadcastsOptions;
  readonly #teller: BroadcastTeller;
  readonly #tracker: BroadcastTracker;
  readonly #bytes = new Map<BroadcastId, BroadcastBytes>();
  /** Of those that somebody has asked for. */
  readonly #described = new Map<BroadcastId, Described>();

  constructor(options: RemoteBroadcastsOptions, teller: BroadcastTeller) {
    this.#options = options;
    this.#teller = teller;
    this.#tracker = new BroadcastTracker({
      random: options.random,
      assign: ({ executor, broadcast, pieces, from }) => {
        const address = from === undefined ? undefined : teller.addressOf(from);
        // One that has just been lost, which the tracker is about to be told.
        if (from !== undefined && address === undefined) return;
        teller.send(executor, {
          ...{ type: "fetchPieces", broadcast, pieces: [...pieces] },
          ...(address && { from: address }),
        });
      },
      giveUp: (executor, broadcast, reason) =>
        this.#refuse(
          executor,
          broadcast,
          new GloamError("GLOAM_FETCH_FAILED", `a broadcast cannot be brought to '${executor}': ${reason}`),
        ),
    });
  }

  /** A value that executors may ask for. */
  add(broadcast: BroadcastId, bytes: BroadcastBytes): void {
    this.#bytes.set(broadcast, bytes);
  }

  /** Has executors free what they have of it. */
  unpersist(broadcast: BroadcastId): void {
    this.#drop(this.#tracker.clear(broadcast), broadcast);
  }

  /** Frees them everywhere. */
  release(broadcasts: readonly BroadcastId[]): void {
    for (const broadcast of broadcasts) {
      this.#bytes.delete(broadcast);
      const described = this.#described.get(broadcast);
      if (described === undefined) continue;
      this.#described.delete(broadcast);
      const { server } = this.#options;
      for (let piece = 0; piece < pieceCount(described.bytes, described.pieceBytes); piece++) {
        server.free(pieceHandle(broadcast, piece, described));
      }
      server.dropSlab(broadcastSlab(broadcast));
      this.#drop(this.#tracker.remove(broadcast), broadcast);
    }
  }

  /** What an executor says of broadcasts. */
  report(executor: string, message: Report): void {
    const { broadcast } = message;
    switch (message.type) {
      case "broadcastAsked":
        return this.#asked(executor, broadcast);
      case "pieceTaken":
        return this.#tracker.taken(executor, broadcast, message.piece);
      case "pieceFailed":
        return this.#tracker.failed(executor, broadcast, message.piece, message.from, message.reason);
      default:
        return message satisfies never;
    }
  }

  /** An executor is gone. */
  lost(executor: string): void {
    this.#tracker.lost(executor);
  }

  #asked(executor: string, broadcast: BroadcastId): void {
    const bytes = this.#bytes.get(broadcast);
    if (bytes === undefined) {
      const error = new GloamError(
        "GLOAM_BROADCAST_DESTROYED",
        `broadcast ${broadcast} was destroyed before it was read`,
      );
      return this.#refuse(executor, broadcast, error);
    }
    this.#teller.send(executor, { type: "broadcast", broadcast, ...this.#describe(broadcast, bytes) });
    this.#tracker.ask(executor, broadcast);
  }

  /** Cuts it, and begins to serve the pieces. About 0.4 ms for each MiB, once. */
  #describe(broadcast: BroadcastId, { buffer, headBytes }: BroadcastBytes): Described {
    const known = this.#described.get(broadcast);
    if (known !== undefined) return known;
    const { server, pieceBytes } = this.#options;
    const bytes = buffer.byteLength;
    const all = new Uint8Array(buffer);
    const pieces = pieceCount(bytes, pieceBytes);
    server.addSlab({ id: broadcastSlab(broadcast), buffer });
    const checksums = Uint32Array.from({ length: pieces }, (_, piece) => {
      server.commit(pieceHandle(broadcast, piece, { bytes, pieceBytes }));
      return checksum(all.subarray(piece * pieceBytes, (piece + 1) * pieceBytes));
    });
    const described = { bytes, headBytes, pieceBytes, checksums: new Uint8Array(checksums.buffer) };
    this.#described.set(broadcast, described);
    this.#tracker.add(broadcast, pieces, bytes <= smallBytes);
    return described;
  }

  #drop(executors: readonly string[], broadcast: BroadcastId): void {
    for (const executor of executors) this.#teller.send(executor, { type: "dropBroadcasts", broadcasts: [broadcast] });
  }

  #refuse(executor: string, broadcast: BroadcastId, error: GloamError): void {
    const encoded = encodeValue(serializeError(error));
    this.#teller.send(executor, { type: "broadcastFailed", broadcast, error: encoded });
  }
}
