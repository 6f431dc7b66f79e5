import { isGloamError, type GloamError } from "@gloam/common";
import type { BlockClient } from "@gloam/executor/blocks";
import type { TaskId } from "@gloam/scheduler";
import { ResultFetch, type KeptResult } from "./result-fetch.ts";

/** What fetches blocks of executors: a `BlockClient`. */
export type BlockSource = Pick<BlockClient, "fetch" | "close">;

export interface ResultFetcherOptions {
  readonly source: BlockSource;
  /** Bytes that are asked for and not here, of all results together; a chunk that is larger comes alone. 32 MiB by default. */
  readonly mostBytes?: number | undefined;
  /** Results that are fetched at a time; 4 by default. */
  readonly mostResults?: number | undefined;
}

/** A result is asked for in pieces of such a part of the bytes in flight: not chunk by chunk, as there is room. */
const pieceFraction = 1 / 8;

/** Brings results to the driver, a few at a time and in the order in which they finished. Each byte is copied once here. */
export class ResultFetcher {
  readonly #source: BlockSource;
  readonly #mostBytes: number;
  readonly #mostResults: number;
  /** In the order in which they came. */
  readonly #fetches = new Map<TaskId, ResultFetch>();
  #inFlight = 0;

  constructor({ source, mostBytes = 32 * 1024 * 1024, mostResults = 4 }: ResultFetcherOptions) {
    this.#source = source;
    this.#mostBytes = mostBytes;
    this.#mostResults = mostResults;
  }

  /** Fetches a result. `onEnd` gets its bytes, in a buffer of their own, or why they cannot be had; not once it is cancelled. */
  fetch(result: KeptResult, onEnd: (result: Uint8Array | GloamError) => void): void {
    this.#fetches.set(result.task, new ResultFetch(result, onEnd));
    this.#ask();
  }

  /** Wants it no more; nothing is said of one that is not known. */
  cancel(task: TaskId): void {
    const fetch = this.#fetches.get(task);
    if (fetch === undefined) return;
    this.#remove(fetch);
    this.#ask();
  }

  /** Wants nothing more, and ends all connections. */
  close(): void {
    for (const fetch of [...this.#fetches.values()]) this.#remove(fetch);
    this.#source.close();
  }

  /** Asks for as much as may be under way. */
  #ask(): void {
    for (const fetch of [...this.#fetches.values()].slice(0, this.#mostResults)) {
      while (this.#fetches.get(fetch.result.task) === fetch) {
        if (fetch.isComplete) this.#end(fetch, undefined);
        if (fetch.isAsked) break;
        const piece = fetch.nextPiece(this.#mostBytes * pieceFraction);
        if (this.#inFlight > 0 && this.#inFlight + piece.bytes > this.#mostBytes) return;
        this.#askPiece(fetch, piece);
      }
    }
  }

  #askPiece(fetch: ResultFetch, piece: ReturnType<ResultFetch["nextPiece"]>): void {
    if (!this.#attempt(fetch, () => fetch.ask(piece))) return;
    this.#inFlight += piece.bytes;
    const { address, store, output } = fetch.result;
    const { from, to } = piece;
    const chunkBytes = fetch.result.chunkBytes.slice(from, to);
    this.#source.fetch(address, [{ store, output, segment: 0, from, to, chunkBytes }], {
      signal: fetch.signal,
      onFetched: (parts) => {
        for (const part of parts) {
          const isTaken = this.#attempt(fetch, () => {
            if ("error" in part) throw part.error;
            this.#inFlight -= fetch.take(part.from, part.chunks);
          });
          if (!isTaken) return;
        }
        if (fetch.isComplete) this.#end(fetch, undefined);
        else this.#ask();
      },
    });
  }

  /** Whether it went well; else that was the fetch's end. */
  #attempt(fetch: ResultFetch, action: () => void): boolean {
    try {
      action();
      return true;
    } catch (error) {
      if (!isGloamError(error)) throw error;
      this.#end(fetch, error);
      return false;
    }
  }

  #end(fetch: ResultFetch, failure: GloamError | undefined): void {
    if (!this.#remove(fetch)) return;
    fetch.end(failure);
    this.#ask();
  }

  #remove(fetch: ResultFetch): boolean {
    if (!this.#fetches.delete(fetch.result.task)) return false;
    this.#inFlight -= fetch.inFlight;
    fetch.abort();
    return true;
  }
}
