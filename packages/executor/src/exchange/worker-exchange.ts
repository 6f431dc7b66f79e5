import { deserializeError, GloamError, isGloamError } from "@gloam/common";
import type { TaskMemory } from "@gloam/plan";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { TaskKilledError } from "../block-failure.ts";
import type { Chunks } from "../block-reader.ts";
import type { FetchedForReader, FromReader, ToReader } from "./exchange-messages.ts";
import { ReadAhead, ReadingOrder, type Wanted } from "./read-ahead.ts";
import { RemoteChunks, type RemoteReader } from "./remote-chunks.ts";
import { RemoteInput } from "./remote-input.ts";
import type { RemoteSegment } from "./remote-segment.ts";

export interface WorkerExchangeOptions {
  /** To the executor's I/O thread. Nothing else listens to it. */
  readonly port: MessagePort;
  /** Memory that `createExchangeSignal` made; the I/O thread has it too. */
  readonly signal: SharedArrayBuffer;
  /** Whether the present task was cancelled: polled while a chunk is waited for. */
  readonly isCancelled: () => boolean;
  /** Bytes that are asked for and not read; 24 MiB by default. */
  readonly maxBytesInFlight?: number | undefined;
}

/** Milliseconds between two looks at whether the task was cancelled. */
const pollInterval = 50;
const defaultBytesInFlight = 24 * 1024 * 1024;

/** A run of chunks of one segment that was asked for in one piece. */
interface AskedPart {
  readonly input: RemoteInput;
  readonly from: number;
  to: number;
}

/**
 * Reads blocks of other executors, for a worker that cannot wait but by blocking: the I/O thread fetches, and puts what has come
 * into the port of the worker, which looks there when it needs it. Chunks are handed over, not copied.
 */
export class WorkerExchange {
  readonly #port: MessagePort;
  readonly #signal: Int32Array;
  readonly #isCancelled: () => boolean;
  readonly #ahead: ReadAhead;
  readonly #reader: RemoteReader;
  readonly #inputs = new Map<RemoteSegment, RemoteInput>();
  /** What was asked for by the present task and is not complete. */
  readonly #asked = new Map<number, { readonly parts: readonly AskedPart[]; open: number }>();
  #nextFetch = 0;
  #seen = 0;

  constructor({ port, signal, isCancelled, maxBytesInFlight = defaultBytesInFlight }: WorkerExchangeOptions) {
    this.#port = port;
    this.#signal = new Int32Array(signal);
    this.#isCancelled = isCancelled;
    this.#ahead = new ReadAhead(maxBytesInFlight);
    this.#reader = {
      read: (input, chunk, order) => this.#read(input, chunk, order),
      openRange: (input, from, to) => {
        input.renew(from, to);
        const order = new ReadingOrder([input], { from, to });
        this.#ahead.add(order);
        return order;
      },
      closeRange: (input, from, to, order) => {
        this.#ahead.remove(order);
        for (let chunk = from; chunk < to; chunk++) this.#ahead.settle(input, chunk, false);
      },
    };
  }

  /**
   * Opens a segment. Its chunks throw, when they are read, `GLOAM_FETCH_FAILED` where they cannot be had, `GLOAM_BLOCK_CORRUPT` where
   * they are damaged, and `TaskKilledError` once the task was cancelled.
   */
  open(remote: RemoteSegment, memory: TaskMemory): Chunks {
    this.#ahead.use(memory);
    return new RemoteChunks(this.#reader, this.#input(remote));
  }

  /**
   * Says what will be read, in this order and each from beginning to end, and asks for as much of it as may be. Whoever opens
   * them gives the same objects.
   */
  prefetch(remotes: readonly RemoteSegment[], memory: TaskMemory): void {
    this.#ahead.use(memory);
    const inputs = remotes.map((remote) => this.#input(remote)).filter(({ list }) => list === undefined);
    const order = new ReadingOrder(inputs);
    for (const input of inputs) input.list = order;
    this.#ahead.add(order);
    this.#ask(this.#ahead.take());
  }

  /** The task has ended: what it asked for and did not read is dropped, or ignored when it comes. */
  endTask(): void {
    if (this.#asked.size > 0) this.#post({ type: "cancel" });
    this.#asked.clear();
    this.#inputs.clear();
    this.#ahead.clear();
    this.#drain();
  }

  #input(remote: RemoteSegment): RemoteInput {
    let input = this.#inputs.get(remote);
    if (input === undefined) {
      input = new RemoteInput(remote);
      this.#inputs.set(remote, input);
    }
    return input;
  }

  #read(input: RemoteInput, chunk: number, order: ReadingOrder | undefined): Uint8Array {
    if (!(chunk >= 0 && chunk < input.chunks)) {
      throw new GloamError("GLOAM_INTERNAL", `chunk ${chunk} of a segment of ${input.chunks} does not exist`);
    }
    for (;;) {
      // Before the look into the port: what comes after that changes it again.
      const signal = Atomics.load(this.#signal, 0);
      if (signal !== this.#seen) {
        this.#seen = signal;
        this.#drain();
      }
      const bytes = input.peek(chunk);
      if (bytes !== undefined) {
        this.#ahead.settle(input, chunk, true);
        order?.hasRead(chunk);
        this.#ask(this.#ahead.take());
        return bytes;
      }
      if (input.failure !== undefined) throw input.failure;
      if (this.#isCancelled()) throw new TaskKilledError("the task was cancelled");
      if (!input.isPending(chunk)) this.#ask(this.#ahead.take({ input, chunk, order: order ?? input.list }));
      Atomics.wait(this.#signal, 0, signal, pollInterval);
    }
  }

  /** One request to each executor, in which the chunks of a segment that follow each other are one part. */
  #ask(wanted: readonly Wanted[]): void {
    if (wanted.length === 0) return;
    const byExecutor = new Map<string, AskedPart[]>();
    for (const { input, chunk } of wanted) {
      const { executor, host, port } = input.remote;
      const key = `${executor} ${host} ${port}`;
      const parts = byExecutor.get(key) ?? [];
      byExecutor.set(key, parts);
      const last = parts.at(-1);
      if (last?.input === input && last.to === chunk) last.to++;
      else parts.push({ input, from: chunk, to: chunk + 1 });
    }
    for (const parts of byExecutor.values()) {
      const { executor, host, port } = parts[0]!.input.remote;
      const fetch = this.#nextFetch++;
      this.#asked.set(fetch, { parts, open: parts.length });
      this.#post({
        ...{ type: "fetch", fetch, address: { executor, host, port } },
        parts: parts.map(({ input: { remote }, from, to }) => {
          const { store, output, segment } = remote;
          return { store, output, segment, from, to, chunkBytes: remote.chunkBytes.slice(from, to) };
        }),
      });
    }
  }

  #drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) return;
      const { fetch, parts, buffers } = received.message as ToReader;
      const asked = this.#asked.get(fetch);
      // Of an earlier task.
      if (asked === undefined) continue;
      for (const fetched of parts) if (this.#take(asked.parts[fetched.part]!, fetched, buffers)) asked.open--;
      if (asked.open === 0) this.#asked.delete(fetch);
    }
  }

  /** Whether the part is complete. */
  #take({ input, from, to }: AskedPart, fetched: FetchedForReader, buffers: readonly ArrayBuffer[]): boolean {
    if ("error" in fetched) {
      input.failure = gloamError(deserializeError(fetched.error));
      for (let chunk = from; chunk < to; chunk++) {
        if (input.peek(chunk) === undefined) this.#ahead.settle(input, chunk, false);
      }
      return true;
    }
    const { places } = fetched;
    let chunk = fetched.from;
    for (let at = 0; at < places.length; at += 3) {
      input.arrive(chunk++, new Uint8Array(buffers[places[at]!]!, places[at + 1], places[at + 2]));
    }
    return chunk === to;
  }

  #post(message: FromReader): void {
    this.#port.postMessage(message);
  }
}

function gloamError(error: unknown): GloamError {
  return isGloamError(error) ? error : new GloamError("GLOAM_FETCH_FAILED", String(error), { cause: error });
}
