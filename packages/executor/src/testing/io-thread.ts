import { createTrafficCounters } from "../exchange/traffic-counters.ts";
import type { OutputHandle } from "@gloam/storage";
import { Worker, type MessageChannel } from "node:worker_threads";
import { compactIndex } from "../exchange/compact-index.ts";
import type { ExchangeData, FromExchange, ToExchange } from "../exchange/exchange-messages.ts";
import { segmentOf, type RemoteOutput } from "../exchange/remote-output.ts";
import type { RemoteSegment } from "../exchange/remote-segment.ts";
import { OutputSource } from "./output-source.ts";

/** The secret of all executors of a test. */
export const testSecret = Uint8Array.from({ length: 32 }, (_, index) => index);

/** The entry of I/O threads, as it is published. */
export const ioThreadEntry = new URL(import.meta.resolve("@gloam/executor/exchange"));

/** An executor's I/O thread. */
export class IoThread {
  readonly executor: string;
  readonly messages: FromExchange[] = [];
  readonly #worker: Worker;

  constructor(executor: string) {
    this.executor = executor;
    this.#worker = new Worker(ioThreadEntry, {
      workerData: { executor, secret: testSecret, traffic: createTrafficCounters() } satisfies ExchangeData,
      execArgv: [],
    });
    this.#worker.on("message", (message: FromExchange) => this.messages.push(message));
  }

  async port(): Promise<number> {
    while (this.messages.length === 0) await new Promise((resolve) => this.#worker.once("message", resolve));
    const [ready] = this.messages;
    if (ready?.type !== "ready") throw new Error(JSON.stringify(ready));
    return ready.port;
  }

  terminate(): Promise<number> {
    return this.#worker.terminate();
  }

  send(message: ToExchange, transfer: MessageChannel["port1"][] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}

/** An executor that serves outputs. */
export class ServingExecutor {
  readonly thread: IoThread;
  readonly source: OutputSource;
  #port = 0;
  #slabs = 0;

  constructor(executor: string, memoryBytes: number) {
    this.thread = new IoThread(executor);
    this.source = new OutputSource(memoryBytes);
  }

  async start(): Promise<void> {
    this.#port = await this.thread.port();
  }

  async end(): Promise<void> {
    await this.thread.terminate();
    this.source.delete();
  }

  /** Commits an output, and gives it and its segments as others see them. */
  commit(segments: readonly (readonly Uint8Array[])[]): {
    handle: OutputHandle;
    output: RemoteOutput;
    remotes: RemoteSegment[];
  } {
    const handle = this.source.write(segments);
    const { slabs } = this.source;
    for (; this.#slabs < slabs.length; this.#slabs++) this.thread.send({ type: "slab", ...slabs[this.#slabs]! });
    this.thread.send({ type: "committed", handles: [handle] });
    const output: RemoteOutput = {
      ...{ executor: this.thread.executor, host: "127.0.0.1", port: this.#port },
      ...{ store: handle.store, output: handle.output, index: compactIndex(handle) },
    };
    return { handle, output, remotes: segments.map((_, segment) => segmentOf(output, segment)) };
  }
}
