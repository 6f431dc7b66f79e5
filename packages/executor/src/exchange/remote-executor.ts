import { GloamError, type Random, type Timers } from "@gloam/common";
import type { connect, Connection, ConnectOptions, Delivery } from "@gloam/protocol";
import type { BlockFetch } from "./block-fetch.ts";
import { decodeAnswer, encodeRequest } from "./block-messages.ts";
import { bytesOf } from "./traffic-counters.ts";
import type { ExecutorAddress } from "./remote-segment.ts";

/** What of a connection is used here. */
export type FetchingSide = Pick<Connection, "send" | "traffic" | "observe" | "close" | "terminate">;

/** How connections to other executors are made and kept. */
export interface RemoteExecutorOptions {
  /** Own name. */
  readonly name: string;
  readonly secret: Uint8Array;
  readonly tls?: ConnectOptions["tls"];
  readonly connect: (options: Parameters<typeof connect>[0]) => Promise<FetchingSide>;
  readonly timers: Timers;
  /** Spreads out the attempts of many that lost the same executor. */
  readonly random: Random;
  /** Milliseconds in which something has to come while something is asked for. */
  readonly answerTimeout: number;
  /** Told of bytes of chunks that have come, as they came. */
  readonly onReceived: (bytes: number) => void;
}

/** Attempts after the first, without anything having come in between. */
const retries = 3;
/**
 * For how long a connection may say nothing, where an executor, or its driver, may say nothing for so long: so that all attempts
 * together take no longer. Both in milliseconds.
 */
export function answerTimeoutOf(networkTimeout: number): number {
  return Math.min(2 ** 31 - 1, networkTimeout / (1 + retries));
}

/** Milliseconds before the first of them; twice as long before each other. */
const firstDelay = 100;
/** Milliseconds after which a connection that nobody needs is closed. */
const idleTimeout = 60_000;

/**
 * The blocks of one other executor: one connection for all that is asked of it. When it breaks, or nothing comes any more,
 * another is made, and what is missing is asked for again.
 */
export class RemoteExecutor {
  readonly #address: ExecutorAddress;
  readonly #options: RemoteExecutorOptions;
  readonly #onIdle: () => void;
  /** By the number of the last request for each. */
  #fetches = new Map<number, BlockFetch>();
  #connection: FetchingSide | undefined;
  #connecting = false;
  #nextId = 0;
  #failures = 0;
  #closed = false;
  #cancelTimer: () => void = () => undefined;

  constructor(address: ExecutorAddress, options: RemoteExecutorOptions, onIdle: () => void) {
    this.#address = address;
    this.#options = options;
    this.#onIdle = onIdle;
  }

  fetch(fetch: BlockFetch): void {
    const id = this.#nextId++;
    const wasIdle = this.#fetches.size === 0;
    this.#fetches.set(id, fetch);
    if (this.#connection !== undefined) {
      this.#ask(this.#connection, id, fetch);
      if (wasIdle) this.#watch(this.#connection);
    } else if (wasIdle && !this.#connecting) this.#connect();
  }

  /** Wants no more of it; what still comes is ignored. */
  cancel(fetch: BlockFetch): void {
    for (const [id, each] of this.#fetches) {
      if (each !== fetch) continue;
      this.#fetches.delete(id);
      this.#connection?.send(encodeRequest({ cancel: id }));
      this.#rest();
      return;
    }
  }

  /** Ends the connection, and with an error what is asked for. */
  close(): void {
    this.#closed = true;
    this.#cancelTimer();
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close();
    this.#failAll(new Error("the connection was closed here"));
  }

  #connect(): void {
    this.#cancelTimer();
    this.#connecting = true;
    const { name, secret, tls, connect } = this.#options;
    const { executor, host, port } = this.#address;
    const introduction = { purpose: "blocks", from: name, to: executor } as const;
    connect({ host, port, secret, introduction, tls }).then(
      (connection) => {
        this.#connecting = false;
        this.#use(connection);
      },
      (error: unknown) => {
        this.#connecting = false;
        this.#lost(error);
      },
    );
  }

  #use(connection: FetchingSide): void {
    if (this.#closed) {
      connection.terminate();
      return;
    }
    this.#connection = connection;
    connection.observe({
      onMessage: (delivery) => this.#receive(delivery),
      onClose: (error) => {
        if (this.#connection !== connection) return;
        this.#connection = undefined;
        this.#lost(error ?? new Error("the connection was closed"));
      },
    });
    if (this.#connection !== connection) return;
    const fetches = [...this.#fetches.values()];
    this.#fetches = new Map();
    for (const fetch of fetches) {
      const id = this.#nextId++;
      this.#fetches.set(id, fetch);
      this.#ask(connection, id, fetch);
    }
    if (fetches.length > 0) this.#watch(connection);
    else this.#rest();
  }

  #ask(connection: FetchingSide, id: number, fetch: BlockFetch): void {
    connection.send(encodeRequest({ id, ...fetch.ask() }));
  }

  #receive({ message, attachments }: Delivery): void {
    const answer = decodeAnswer(message);
    this.#options.onReceived(bytesOf(attachments));
    const fetch = this.#fetches.get(answer.id);
    // What was cancelled may have been under way.
    if (fetch === undefined) return;
    fetch.take(answer, attachments);
    this.#failures = 0;
    if (!fetch.isDone) return;
    this.#fetches.delete(answer.id);
    this.#rest();
  }

  #lost(error: unknown): void {
    this.#cancelTimer();
    if (this.#closed) return;
    if (this.#fetches.size === 0) {
      this.#onIdle();
    } else if (++this.#failures > retries) {
      // First: whoever is told of it may ask anew.
      this.#onIdle();
      this.#failAll(error);
    } else {
      const delay = firstDelay * 2 ** (this.#failures - 1) * (0.5 + this.#options.random.next());
      this.#cancelTimer = this.#options.timers.after(delay, () => {
        if (this.#fetches.size > 0) this.#connect();
        else this.#onIdle();
      });
    }
  }

  /** Ends a connection over which nothing comes. */
  #watch(connection: FetchingSide): void {
    this.#cancelTimer();
    const { timers, answerTimeout } = this.#options;
    const { received } = connection.traffic;
    this.#cancelTimer = timers.after(answerTimeout, () => {
      if (connection.traffic.received > received) {
        this.#watch(connection);
        return;
      }
      if (this.#connection !== connection) return;
      this.#connection = undefined;
      connection.terminate();
      this.#lost(new Error(`nothing came for ${answerTimeout} ms`));
    });
  }

  /** Keeps a connection that nobody needs for a while. */
  #rest(): void {
    const connection = this.#connection;
    if (connection === undefined || this.#fetches.size > 0) return;
    this.#cancelTimer();
    this.#cancelTimer = this.#options.timers.after(idleTimeout, () => {
      this.#connection = undefined;
      connection.close();
      this.#onIdle();
    });
  }

  #failAll(cause: unknown): void {
    const { executor, host, port } = this.#address;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const error = new GloamError(
      "GLOAM_FETCH_FAILED",
      `cannot fetch blocks of '${executor}' at ${host}:${port}: ${reason}`,
      { cause },
    );
    this.#failures = 0;
    for (const [id, fetch] of [...this.#fetches]) {
      // Whoever is told of one may call off others.
      if (this.#fetches.delete(id)) fetch.fail(error);
    }
  }
}
