import { deserializeError, GloamError, type Timers } from "@gloam/common";
import type { OutputName } from "@gloam/protocol";
import type { OutputHandle, Slab } from "@gloam/storage";
import { MessageChannel, Worker } from "node:worker_threads";
import type { ExchangeData, FromExchange, ToExchange } from "../exchange/exchange-messages.ts";
import { createExchangeSignal } from "../exchange/exchange-signal.ts";
import { createTrafficCounters, TrafficCounters, type BlockTraffic } from "../exchange/traffic-counters.ts";
import type { WorkerData } from "../worker-thread.ts";

/** How long the thread may take to end its connections, in milliseconds. */
const patience = 1000;

export interface IoThreadObserver {
  /** Of an output that was freed no byte is used here any more. */
  onReleased(outputs: readonly OutputName[]): void;
  /** Somebody was refused. */
  onRefused(message: string): void;
  /** The thread is gone, without having been asked to stop: nothing is served any more. */
  onLost(error: Error): void;
}

/** The executor's thread for blocks: serves its own to others, and fetches those of others for its workers. */
export class IoThread {
  readonly #worker: Worker;
  readonly #observer: IoThreadObserver;
  readonly #traffic: TrafficCounters;
  /** The port that it serves blocks at, as soon as it does; rejects with `GLOAM_CONNECTION_LOST` where it cannot. */
  readonly port: Promise<number>;
  #onReady!: (port: number) => void;
  #onFailed!: (error: Error) => void;
  #onStopped: () => void = () => undefined;
  #stopped = false;

  /** Starts the thread. */
  constructor(data: Omit<ExchangeData, "traffic">, observer: IoThreadObserver) {
    this.#observer = observer;
    const traffic = createTrafficCounters();
    this.#traffic = new TrafficCounters(traffic);
    this.port = new Promise((resolve, reject) => {
      this.#onReady = resolve;
      this.#onFailed = reject;
    });
    this.#worker = new Worker(new URL(import.meta.resolve("@gloam/executor/exchange")), {
      workerData: { ...data, traffic } satisfies ExchangeData,
      execArgv: [],
      name: "gloam blocks",
    });
    this.#worker.on("message", (message: FromExchange) => this.#receive(message));
    let failure: Error | undefined;
    this.#worker.on("error", (error: unknown) => {
      failure = error instanceof Error ? error : new Error(String(error));
    });
    this.#worker.on("exit", (code) => {
      const error = failure ?? new Error(`the thread exited with code ${code}`);
      this.#onFailed(error);
      if (!this.#stopped) this.#observer.onLost(error);
    });
  }

  /** What it has exchanged so far. */
  get traffic(): BlockTraffic {
    return this.#traffic.read();
  }

  /** What a new worker reads blocks of others through. */
  connect(): NonNullable<WorkerData["exchange"]> {
    const { port1, port2 } = new MessageChannel();
    const signal = createExchangeSignal();
    this.#worker.postMessage({ type: "worker", port: port2, signal } satisfies ToExchange, [port2]);
    return { port: port1, signal };
  }

  /** The executor's memory, in which leases of cached blocks are; before any of them is committed. */
  usePool(pool: SharedArrayBuffer): void {
    this.#send({ type: "pool", pool });
  }

  addSlab({ id, buffer }: Slab): void {
    this.#send({ type: "slab", id, buffer });
  }

  /** @param bytes Of a slab that is not to come back: the thread sees to its being freed. */
  dropSlab(id: number, bytes = 0): void {
    this.#send({ type: "slabsDropped", ids: [id], bytes });
  }

  /** Serves an output from now on. */
  commit(handle: OutputHandle): void {
    this.#send({ type: "committed", handles: [handle] });
  }

  /** Serves these to nobody any more; `onReleased` follows, and only then may their memory be freed. */
  free(outputs: readonly OutputName[]): void {
    if (outputs.length > 0) {
      this.#send({ type: "freed", outputs: outputs.map(({ store, output }) => ({ store, output })) });
    }
  }

  /** Ends all connections and the thread. */
  async stop(timers: Timers): Promise<void> {
    this.#stopped = true;
    this.#send({ type: "stop" });
    await new Promise<void>((resolve) => {
      const cancel = timers.after(patience, resolve);
      this.#onStopped = () => {
        cancel();
        resolve();
      };
    });
    await this.#worker.terminate();
  }

  #send(message: ToExchange): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromExchange): void {
    switch (message.type) {
      case "ready":
        return this.#onReady(message.port);
      case "failed": {
        const cause = deserializeError(message.error);
        return this.#onFailed(
          new GloamError("GLOAM_CONNECTION_LOST", `blocks cannot be served: ${String(cause)}`, { cause }),
        );
      }
      case "released":
        return this.#observer.onReleased(message.outputs);
      case "refused":
        return this.#observer.onRefused(message.message);
      case "stopped":
        return this.#onStopped();
      default:
        return message satisfies never;
    }
  }
}
