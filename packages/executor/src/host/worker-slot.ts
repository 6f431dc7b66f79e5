import type { Timers } from "@gloam/common";
import { Worker } from "node:worker_threads";
import type { FromWorker, ToWorker } from "../task-messages.ts";
import type { WorkerData } from "../worker-thread.ts";
import { Mailbox } from "./mailbox.ts";

/** What a slot tells its backend. */
export interface WorkerSlotObserver {
  onMessage(slot: number, message: FromWorker): void;
  /** The thread is gone without having been asked to stop. */
  onLost(slot: number, error: Error): void;
}

/** One worker thread at a time in one task slot: when a thread is lost, a new one can take its place. */
export class WorkerSlot {
  readonly slot: number;
  readonly #data: () => Omit<WorkerData, "port" | "signal">;
  readonly #heapLimit: number;
  readonly #observer: WorkerSlotObserver;
  #worker: Worker | undefined;
  #mailbox: Mailbox<ToWorker, FromWorker> | undefined;
  #referenced = false;
  #onStopped: (() => void) | undefined;

  constructor(
    slot: number,
    data: () => Omit<WorkerData, "port" | "signal">,
    heapLimit: number,
    observer: WorkerSlotObserver,
  ) {
    this.slot = slot;
    this.#data = data;
    this.#heapLimit = heapLimit;
    this.#observer = observer;
  }

  /** Starts a thread; resolves when it can take tasks. */
  start(): Promise<void> {
    const mebibyte = 1024 * 1024;
    let ready: () => void = () => undefined;
    // A task that waits for others blocks its thread, and is woken by this.
    const signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const mailbox = new Mailbox<ToWorker, FromWorker>(
      (message) => {
        if (message.type === "ready") ready();
        else if (message.type === "stopped") this.#onStopped?.();
        else this.#observer.onMessage(this.slot, message);
      },
      () => {
        Atomics.add(signal, 0, 1);
        Atomics.notify(signal, 0);
      },
    );
    const data = this.#data();
    const worker = new Worker(new URL(import.meta.resolve("@gloam/executor/worker")), {
      workerData: { ...data, port: mailbox.theirs, signal: signal.buffer } satisfies WorkerData,
      transferList: [
        mailbox.theirs,
        data.broadcasts.port,
        ...(data.exchange === undefined ? [] : [data.exchange.port]),
      ],
      // The driver's own loaders (tsx, vitest) stay out: workers load user TypeScript when a task needs it.
      execArgv: [],
      name: `gloam worker ${this.slot}`,
      resourceLimits: {
        maxOldGenerationSizeMb: Math.floor(this.#heapLimit / mebibyte),
        // Rows die young: a nursery of 8 MiB is collected rarely and still lies in the caches for the most part.
        maxYoungGenerationSizeMb: 24,
      },
    });
    this.#worker = worker;
    this.#mailbox = mailbox;
    const started = new Promise<void>((resolve, reject) => {
      let failure: Error | undefined;
      ready = resolve;
      worker.on("error", (error: unknown) => {
        failure = error instanceof Error ? error : new Error(String(error));
      });
      worker.on("exit", (code) => {
        const error = failure ?? new Error(`the worker exited with code ${code}`);
        // What it did before it ended counts, also that it was ready: its first task may have ended it at once.
        mailbox.receive();
        reject(error);
        if (this.#worker !== worker) return;
        this.#forget();
        this.#observer.onLost(this.slot, error);
      });
    });
    this.reference(this.#referenced);
    return started;
  }

  /** Sends a message; without a thread it is lost. */
  send(message: ToWorker): void {
    this.#mailbox?.send(message);
  }

  /** Whether the thread keeps the process alive. */
  reference(alive: boolean): void {
    this.#referenced = alive;
    if (alive) this.#worker?.ref();
    else this.#worker?.unref();
    this.#mailbox?.reference(alive);
  }

  /** Ends an idle thread after what user functions made in it has been disposed of; waits so many milliseconds for that. */
  async stop(timers: Timers, patience: number): Promise<void> {
    if (this.#worker !== undefined) {
      this.send({ type: "stop" });
      await new Promise<void>((resolve) => {
        const cancel = timers.after(patience, resolve);
        this.#onStopped = () => {
          cancel();
          resolve();
        };
      });
    }
    await this.terminate();
  }

  /** Ends the thread, whatever it does; the observer is not told. */
  async terminate(): Promise<void> {
    const worker = this.#worker;
    this.#forget();
    await worker?.terminate();
  }

  #forget(): void {
    this.#worker = undefined;
    this.#mailbox?.close();
    this.#mailbox = undefined;
  }
}
