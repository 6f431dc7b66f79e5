import { createRandom, GloamError, systemTimers, type Random, type Timers } from "@gloam/common";
import { connect } from "@gloam/protocol";
import { randomInt } from "node:crypto";
import type { BlockCodec } from "./block-codec.ts";
import { BlockFetch, type OnFetched } from "./block-fetch.ts";
import { mostParts, type WantedPart } from "./block-messages.ts";
import { RemoteExecutor, type RemoteExecutorOptions } from "./remote-executor.ts";
import type { ExecutorAddress } from "./remote-segment.ts";

export interface BlockClientOptions extends Pick<RemoteExecutorOptions, "name" | "secret" | "tls"> {
  /** Ask for answers that are compressed with it: all servers must have it. */
  readonly codec?: BlockCodec | undefined;
  /** Milliseconds in which something has to come while something is asked for; 30,000 by default. */
  readonly answerTimeout?: number | undefined;
  readonly connect?: RemoteExecutorOptions["connect"] | undefined;
  /** Told of bytes of chunks that have come, as they came. */
  readonly onReceived?: ((bytes: number) => void) | undefined;
  readonly timers?: Timers | undefined;
  readonly random?: Random | undefined;
}

/**
 * Fetches chunks from other executors: one connection for each, kept for a minute after its last use. A connection that breaks
 * is made again, three times with growing delays if nothing comes in between, and only what is missing is asked for again.
 */
export class BlockClient {
  readonly #options: RemoteExecutorOptions;
  readonly #codec: BlockCodec | undefined;
  readonly #remotes = new Map<string, RemoteExecutor>();
  #closed = false;

  constructor(options: BlockClientOptions) {
    const { name, secret, tls, answerTimeout = 30_000, onReceived = () => undefined } = options;
    this.#codec = options.codec;
    this.#options = {
      ...{ name, secret, tls, answerTimeout, onReceived },
      connect: options.connect ?? connect,
      timers: options.timers ?? systemTimers,
      random: options.random ?? createRandom(randomInt(2 ** 32)),
    };
  }

  /** Executors to which a connection is open or being made. */
  get remotes(): number {
    return this.#remotes.size;
  }

  /**
   * Fetches parts of one executor's outputs. Each part ends with its last chunk, or with an error: `GLOAM_FETCH_FAILED` where it is
   * not there or its executor cannot be reached, `GLOAM_BLOCK_CORRUPT` where it is damaged there. Nobody waits: whoever asks
   * has to have room for all of it.
   * @param onFetched Called with whatever comes; not any more once `signal` is aborted.
   */
  fetch(
    address: ExecutorAddress,
    parts: readonly WantedPart[],
    { onFetched, signal }: { readonly onFetched: OnFetched; readonly signal?: AbortSignal | undefined },
  ): void {
    if (signal?.aborted === true) return;
    if (this.#closed) {
      const error = new GloamError("GLOAM_FETCH_FAILED", `nothing is fetched from '${address.executor}' any more`);
      queueMicrotask(() => {
        if (signal?.aborted !== true) onFetched(parts.map((_, part) => ({ part, error })));
      });
      return;
    }
    const remote = this.#remote(address);
    const open = new Set<BlockFetch>();
    const cancel = (): void => {
      for (const fetch of open) remote.cancel(fetch);
    };
    signal?.addEventListener("abort", cancel, { once: true });
    for (let first = 0; first < parts.length; first += mostParts) {
      const take: OnFetched = (fetched) => {
        if (fetch.isDone) open.delete(fetch);
        if (open.size === 0) signal?.removeEventListener("abort", cancel);
        onFetched(fetched);
      };
      const fetch = new BlockFetch(parts.slice(first, first + mostParts), first, take, this.#codec);
      open.add(fetch);
    }
    for (const fetch of open) remote.fetch(fetch);
  }

  /** Ends all connections; what is asked for fails, also what is asked for after that. */
  close(): void {
    this.#closed = true;
    for (const remote of this.#remotes.values()) remote.close();
    this.#remotes.clear();
  }

  #remote(address: ExecutorAddress): RemoteExecutor {
    const key = `${address.executor} ${address.host} ${address.port}`;
    const known = this.#remotes.get(key);
    if (known !== undefined) return known;
    const remote = new RemoteExecutor(address, this.#options, () => {
      if (this.#remotes.get(key) === remote) this.#remotes.delete(key);
    });
    this.#remotes.set(key, remote);
    return remote;
  }
}
