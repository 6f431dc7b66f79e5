import { MessageChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";

/** Settled: a microtask for less than `queueMicrotask`, which makes an asynchronous resource of each. */
const settled = Promise.resolve();

/**
 * The driver's end of a channel to a thread. Messages that are sent in one go leave as one, an array, and those that have arrived are
 * handed over in one go: a message between two busy threads costs more than a short task, most of it for waking the other.
 */
export class Mailbox<Sent, Received> {
  /** The thread's end: gets arrays of messages, sends single ones. */
  readonly theirs: MessagePort;
  readonly #port: MessagePort;
  readonly #onMessage: (message: Received) => void;
  readonly #onSent: () => void;
  #leaving: Sent[] = [];
  #open = true;

  /** @param onSent called when messages have left */
  constructor(onMessage: (message: Received) => void, onSent: () => void = () => undefined) {
    const { port1, port2 } = new MessageChannel();
    this.theirs = port2;
    this.#port = port1;
    this.#onMessage = onMessage;
    this.#onSent = onSent;
    port1.on("message", (message: Received) => {
      if (this.#open) onMessage(message);
      this.receive();
    });
    port1.unref();
  }

  /** Hands over all messages that have arrived. */
  receive(): void {
    while (this.#open) {
      const arrived: { readonly message: Received } | undefined = receiveMessageOnPort(this.#port);
      if (arrived === undefined) return;
      this.#onMessage(arrived.message);
    }
  }

  /** Sends a message when the code that runs now is done, before anything else gets its turn. */
  send(message: Sent): void {
    if (this.#leaving.push(message) > 1) return;
    void settled.then(() => {
      const messages = this.#leaving;
      this.#leaving = [];
      this.#port.postMessage(messages);
      this.#onSent();
    });
  }

  /** Whether the channel keeps the process alive. */
  reference(alive: boolean): void {
    if (alive) this.#port.ref();
    else this.#port.unref();
  }

  /** What has not arrived or left by now never will. */
  close(): void {
    this.#open = false;
    this.#port.close();
  }
}
