import type { BlockCodecName, SerializedError } from "@gloam/common";
import type { OutputHandle } from "@gloam/storage";
import type { MessagePort } from "node:worker_threads";
import type { WantedPart } from "./block-messages.ts";
import type { ExecutorAddress } from "./remote-segment.ts";
import type { OutputName } from "./served-outputs.ts";

/** What an executor's I/O thread gets when it starts. */
export interface ExchangeData {
  /** The executor's id. */
  readonly executor: string;
  readonly secret: Uint8Array;
  /** Address to serve blocks at; the loopback one by default. */
  readonly host?: string | undefined;
  /** 0, the default, for one that is free. */
  readonly port?: number | undefined;
  /** Memory that `createTrafficCounters` made: bytes of blocks are counted there. */
  readonly traffic: SharedArrayBuffer;
  /** Milliseconds in which something has to come while something is asked for; 30,000 by default. */
  readonly answerTimeout?: number | undefined;
  /** What blocks are compressed with that executors send each other. */
  readonly compression?: BlockCodecName | undefined;
  /** Serve and fetch over TLS: certificate and key (PEM), and whose certificates are believed; any, without `ca`. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string | undefined } | undefined;
}

/** From an executor's main thread to its I/O thread. */
export type ToExchange =
  /** Comes before any cached block with a lease in it. */
  | { readonly type: "pool"; readonly pool: SharedArrayBuffer }
  /** Comes before any output that lies in it. */
  | { readonly type: "slab"; readonly id: number; readonly buffer: SharedArrayBuffer }
  /** `bytes`: of those whose memory is to be freed at once. */
  | { readonly type: "slabsDropped"; readonly ids: readonly number[]; readonly bytes: number }
  /** Serve these from now on; comes before anybody is told of them. */
  | { readonly type: "committed"; readonly handles: readonly OutputHandle[] }
  /** Serve these to nobody any more, and answer `released`: only then may their memory and files be freed. */
  | { readonly type: "freed"; readonly outputs: readonly OutputName[] }
  /** A worker that reads through `port`, whose other end it has, with the same `signal` (`createExchangeSignal`). */
  | { readonly type: "worker"; readonly port: MessagePort; readonly signal: SharedArrayBuffer }
  /** End all connections, and answer `stopped`. */
  | { readonly type: "stop" };

/** From an executor's I/O thread to its main thread. */
export type FromExchange =
  /** Blocks are served at `port`. */
  | { readonly type: "ready"; readonly port: number }
  /** It cannot serve; nothing follows. */
  | { readonly type: "failed"; readonly error: SerializedError }
  /** Of these outputs, which were freed, no byte is used here any more. Each is named once. */
  | { readonly type: "released"; readonly outputs: readonly OutputName[] }
  /** Somebody was refused; not each of a flood. */
  | { readonly type: "refused"; readonly message: string }
  | { readonly type: "stopped" };

/** From a worker to its executor's I/O thread. */
export type FromReader =
  /** Every part is answered, in one message or several, from its first chunk to its last or to an error. */
  | {
      readonly type: "fetch";
      readonly fetch: number;
      readonly address: ExecutorAddress;
      readonly parts: readonly WantedPart[];
    }
  /** All that was asked for so far is of no use any more. */
  | { readonly type: "cancel" };

/** What has come for a worker; `fetch` and `part` are those of its request. */
export interface ToReader {
  readonly fetch: number;
  readonly parts: readonly FetchedForReader[];
  /** Transferred: they are the worker's now. */
  readonly buffers: readonly ArrayBuffer[];
}

export type FetchedForReader =
  /** Three numbers for each chunk: its buffer, where it begins, and its length. Views would cost more than to make them anew. */
  | { readonly part: number; readonly from: number; readonly places: readonly number[] }
  | { readonly part: number; readonly error: SerializedError };
