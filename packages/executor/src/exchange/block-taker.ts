import { deserializeError, GloamError } from "@gloam/common";
import type { OutputWriter } from "@gloam/plan";
import type { CachedIdentity, OutputHandle } from "@gloam/storage";
import type { MessagePort } from "node:worker_threads";
import { mostParts } from "./block-messages.ts";
import { segmentsOf } from "./compact-index.ts";
import type { FromReader, ToReader } from "./exchange-messages.ts";
import type { RemoteOutput } from "./remote-output.ts";

export interface BlockTakerOptions {
  /** To the executor's I/O thread, as workers have one. */
  readonly port: MessagePort;
  /** Begins an output of so many segments, for a copy. */
  readonly create: (segments: number, cached: CachedIdentity | undefined) => OutputWriter;
  /** Bytes that are asked for and not here; a chunk that is larger comes alone. 8 MiB by default. */
  readonly mostBytes?: number | undefined;
}

/** Some chunks of a segment, and their lengths. */
interface TakenPart {
  readonly segment: number;
  readonly from: number;
  readonly lengths: readonly number[];
}

interface Fetch {
  readonly id: number;
  readonly parts: readonly TakenPart[];
  readonly onEnd: (error: Error | undefined) => void;
  readonly writer: OutputWriter;
  /** Chunks that are still to come. */
  left: number;
}

/** Copies outputs of other executors, one after the other: blocks that have to be somewhere else when those have gone. */
export class BlockTaker {
  readonly #port: MessagePort;
  readonly #create: BlockTakerOptions["create"];
  readonly #mostBytes: number;
  #last: Promise<unknown> = Promise.resolve();
  #fetch: Fetch | undefined;
  #nextFetch = 0;

  constructor({ port, create, mostBytes = 8 * 1024 * 1024 }: BlockTakerOptions) {
    this.#port = port;
    this.#create = create;
    this.#mostBytes = mostBytes;
    port.on("message", (message: ToReader) => this.#receive(message));
  }

  /**
   * Copies an output, chunk by chunk; a cached block is kept as its level says.
   * @throws GloamError `GLOAM_FETCH_FAILED`, `GLOAM_BLOCK_CORRUPT`; whatever the store throws that it is written to
   */
  take(source: RemoteOutput, cached?: CachedIdentity): Promise<OutputHandle> {
    const taking = this.#last.then(() => this.#copy(source, cached));
    this.#last = taking.catch(() => undefined);
    return taking;
  }

  async #copy(source: RemoteOutput, cached: CachedIdentity | undefined): Promise<OutputHandle> {
    const segments = segmentsOf(source.index);
    const writer = this.#create((segments.at(-1)?.segment ?? 0) + 1, cached);
    try {
      for (const parts of piecesOf(segments, this.#mostBytes)) await this.#copyParts(source, parts, writer);
      return writer.commit().handle as OutputHandle;
    } catch (error) {
      writer.abort();
      throw error;
    }
  }

  #copyParts(
    { executor, host, port, store, output }: RemoteOutput,
    parts: readonly TakenPart[],
    writer: OutputWriter,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const id = this.#nextFetch++;
      const left = parts.reduce((sum, { lengths }) => sum + lengths.length, 0);
      const onEnd = (error: Error | undefined): void => {
        this.#fetch = undefined;
        if (error === undefined) resolve();
        else reject(error);
      };
      this.#fetch = { id, parts, writer, left, onEnd };
      this.#post({
        ...{ type: "fetch", fetch: id, address: { executor, host, port } },
        parts: parts.map(({ segment, from, lengths }) => {
          return { store, output, segment, from, to: from + lengths.length, chunkBytes: lengths };
        }),
      });
    });
  }

  #receive({ fetch: id, parts, buffers }: ToReader): void {
    const fetch = this.#fetch;
    // Of one that has failed.
    if (fetch?.id !== id) return;
    try {
      for (const fetched of parts) {
        if ("error" in fetched) throw deserializeError(fetched.error);
        const { segment, from, lengths } = fetch.parts[fetched.part]!;
        const { places } = fetched;
        for (let at = 0; at < places.length; at += 3) {
          const chunk = new Uint8Array(buffers[places[at]!]!, places[at + 1], places[at + 2]);
          if (chunk.length !== lengths[fetched.from - from + at / 3]) throw otherThanAnnounced(segment);
          fetch.writer.append(segment, chunk);
          fetch.left--;
        }
      }
      if (fetch.left === 0) fetch.onEnd(undefined);
    } catch (error) {
      this.#post({ type: "cancel" });
      fetch.onEnd(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #post(message: FromReader): void {
    this.#port.postMessage(message);
  }
}

/** The chunks of all segments, in pieces of so many bytes: chunks of one segment follow each other. */
function* piecesOf(
  segments: readonly { readonly segment: number; readonly chunkBytes: readonly number[] }[],
  mostBytes: number,
): Generator<TakenPart[]> {
  let parts: TakenPart[] = [];
  let bytes = 0;
  for (const { segment, chunkBytes } of segments) {
    let from = 0;
    for (let chunk = 0; chunk < chunkBytes.length; chunk++) {
      const length = chunkBytes[chunk]!;
      if (bytes > 0 && (bytes + length > mostBytes || parts.length === mostParts)) {
        if (from < chunk) parts.push({ segment, from, lengths: chunkBytes.slice(from, chunk) });
        yield parts;
        parts = [];
        bytes = 0;
        from = chunk;
      }
      bytes += length;
    }
    parts.push({ segment, from, lengths: chunkBytes.slice(from) });
  }
  if (parts.length > 0) yield parts;
}

function otherThanAnnounced(segment: number): GloamError {
  return new GloamError("GLOAM_BLOCK_CORRUPT", `a chunk of segment ${segment} has another length than was announced`);
}
