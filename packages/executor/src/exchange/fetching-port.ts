import { serializeError } from "@gloam/common";
import { setMaxListeners } from "node:events";
import type { MessagePort } from "node:worker_threads";
import type { BlockClient } from "./block-client.ts";
import type { FetchedPart } from "./block-fetch.ts";
import type { FetchedForReader, FromReader, ToReader } from "./exchange-messages.ts";

/** The I/O thread's end of a worker's port: fetches what the worker asks for, hands it over without copying, and wakes it. */
export class FetchingPort {
  readonly #port: MessagePort;
  readonly #signal: Int32Array;
  readonly #client: BlockClient;
  #wanted = manyListeners(new AbortController());

  constructor(port: MessagePort, signal: SharedArrayBuffer, client: BlockClient) {
    this.#port = port;
    this.#signal = new Int32Array(signal);
    this.#client = client;
  }

  /** Begins to fetch. */
  listen(): void {
    this.#port.on("message", (message: FromReader) => this.#receive(message));
    // The worker is gone.
    this.#port.on("close", () => this.#wanted.abort());
  }

  #receive(message: FromReader): void {
    if (message.type === "cancel") {
      this.#wanted.abort();
      this.#wanted = manyListeners(new AbortController());
      return;
    }
    const { fetch, address, parts } = message;
    this.#client.fetch(address, parts, {
      signal: this.#wanted.signal,
      onFetched: (fetched) => this.#handOver(fetch, fetched),
    });
  }

  #handOver(fetch: number, fetched: readonly FetchedPart[]): void {
    const buffers: ArrayBuffer[] = [];
    const parts = fetched.map((each): FetchedForReader => {
      if ("error" in each) return { part: each.part, error: serializeError(each.error) };
      const places: number[] = [];
      for (const { buffer, byteOffset, length } of each.chunks) {
        // Chunks of one buffer follow each other.
        if (buffer !== buffers.at(-1)) buffers.push(buffer as ArrayBuffer);
        places.push(buffers.length - 1, byteOffset, length);
      }
      return { part: each.part, from: each.from, places };
    });
    this.#port.postMessage({ fetch, parts, buffers } satisfies ToReader, buffers);
    Atomics.add(this.#signal, 0, 1);
    Atomics.notify(this.#signal, 0);
  }
}

/** Node warns of more than ten listeners to one signal; here there is one for each request. */
function manyListeners(controller: AbortController): AbortController {
  setMaxListeners(0, controller.signal);
  return controller;
}
