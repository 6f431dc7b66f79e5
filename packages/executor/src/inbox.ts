import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import type { ToWorker } from "./task-messages.ts";

/** Milliseconds between two looks at whether what is waited for is still wanted. */
const pollInterval = 50;

/**
 * A worker's end of the channel to its executor, for a task that blocks the thread until a message has come: messages are taken
 * in the order in which they were sent, as ever.
 */
export class Inbox {
  readonly #port: MessagePort;
  readonly #signal: Int32Array;
  readonly #receive: (message: ToWorker) => void;

  /** @param signal memory in which the executor counts what it has sent */
  constructor(port: MessagePort, signal: SharedArrayBuffer, receive: (message: ToWorker) => void) {
    this.#port = port;
    this.#signal = new Int32Array(signal);
    this.#receive = receive;
    port.on("message", (messages: readonly ToWorker[]) => this.#take(messages));
  }

  /** Takes messages until `find` gives something. `find` may throw, and is asked at least twenty times a second. */
  waitFor<T>(find: () => T | undefined): T {
    for (;;) {
      // Before the look into the port: what comes after that changes it again.
      const signal = Atomics.load(this.#signal, 0);
      for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port)) {
        this.#take(next.message as readonly ToWorker[]);
      }
      const found = find();
      if (found !== undefined) return found;
      Atomics.wait(this.#signal, 0, signal, pollInterval);
    }
  }

  #take(messages: readonly ToWorker[]): void {
    for (const message of messages) this.#receive(message);
  }
}
