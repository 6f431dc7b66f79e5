import type { Socket } from "node:net";
import { longestHandshake } from "../handshake/messages.ts";

/** Bytes that somebody may send, the HTTP request included, before proving anything. */
export const unprovedBytes = 8192 + 4 * longestHandshake;

interface Unproved {
  readonly giveUp: () => void;
  readonly settle: () => void;
}

/** Connections whose other side has not proved anything: few, for a short time, and with few bytes each. */
export class UnprovedConnections {
  readonly #most: number;
  readonly #milliseconds: number;
  /** Oldest first. */
  readonly #connections = new Map<Socket, Unproved>();

  /**
   * @param most Of more, the oldest are ended: a flood drives out itself, and whoever proves quickly gets through.
   * @param milliseconds Time to prove something.
   */
  constructor(most: number, milliseconds: number) {
    this.#most = most;
    this.#milliseconds = milliseconds;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Watches a connection until it is settled or gone. `socket` gives what is read, decrypted. */
  watch(socket: Socket): void {
    const giveUp = (): void => {
      settle();
      socket.destroy();
    };
    const timer = setTimeout(giveUp, this.#milliseconds);
    timer.unref();
    const onData = (): void => {
      if (socket.bytesRead > unprovedBytes) giveUp();
    };
    const settle = (): void => {
      clearTimeout(timer);
      socket.off("data", onData);
      socket.off("close", settle);
      this.#connections.delete(socket);
    };
    socket.on("data", onData);
    socket.on("close", settle);
    this.#connections.set(socket, { giveUp, settle });
    if (this.#connections.size > this.#most) this.#connections.values().next().value?.giveUp();
  }

  /** The other side has proved itself. */
  settle(socket: Socket): void {
    this.#connections.get(socket)?.settle();
  }

  /** Ends all of them. */
  endAll(): void {
    for (const { giveUp } of [...this.#connections.values()]) giveUp();
  }
}
