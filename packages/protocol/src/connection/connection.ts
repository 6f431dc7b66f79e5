import { GloamError, isGloamError } from "@gloam/common";
import type { WebSocket } from "ws";
import type { Introduction } from "../handshake/messages.ts";
import type { SessionKeys } from "../handshake/session-keys.ts";
import { frameInvalid } from "../wire/frame-invalid.ts";
import { closeCodes } from "./close-codes.ts";
import { Session, type Delivery } from "./session.ts";

/** Milliseconds in which the other side may answer that it will not be believed any more. */
const farewell = 1000;

/** What a connection tells its owner. */
export interface ConnectionObserver {
  /** A message came. An exception here ends the connection as an invalid frame does. */
  onMessage(delivery: Delivery): void;
  /** The connection is gone; nothing comes after that. No error where one of the two sides has closed it. */
  onClose(error: GloamError | undefined): void;
}

/** A connection whose two sides have proved that they know the secret. Messages arrive whole, once and in order, or not at all. */
export class Connection {
  /** Who the two sides are, as the connecting one has introduced itself. */
  readonly introduction: Introduction;
  readonly #socket: WebSocket;
  readonly #session: Session;
  #observer: ConnectionObserver | undefined;
  /** What came before there was an observer. */
  #early: Delivery[] = [];
  #ended: { readonly error: GloamError | undefined } | undefined;
  #sent = 0;
  #received = 0;

  constructor(socket: WebSocket, introduction: Introduction, keys: SessionKeys | undefined) {
    this.#socket = socket;
    this.introduction = introduction;
    this.#session = new Session(keys);
    socket.on("message", (data, isBinary) => this.#receive(data as Buffer, isBinary));
    socket.on("error", (cause) => this.#end(lost(introduction, cause.message, cause)));
    socket.on("close", (code) => this.#end(reasonOf(code, introduction)));
  }

  /** Begins to listen; what has come so far is told at once. */
  observe(observer: ConnectionObserver): void {
    this.#observer = observer;
    const early = this.#early;
    this.#early = [];
    const before = this.#ended;
    for (const delivery of early) {
      // It may end over one of them, of which the observer has been told then.
      if (this.#ended !== before) return;
      this.#deliver(delivery);
    }
    if (before !== undefined) observer.onClose(before.error);
  }

  /**
   * Sends a message; after the connection's end it goes nowhere. Attachments are not copied, and must not change until
   * `onSent`, which is called once, later: the system has all bytes, or never will have them.
   */
  send(message: Uint8Array, attachments: readonly Uint8Array[] = [], onSent?: () => void): void {
    if (this.#ended !== undefined) {
      if (onSent !== undefined) queueMicrotask(onSent);
      return;
    }
    const parts = this.#session.send(message, attachments);
    const last = parts.length - 1;
    parts.forEach((bytes, index) => {
      this.#sent += bytes.length;
      this.#socket.send(bytes, { binary: true }, index === last && onSent !== undefined ? () => onSent() : undefined);
    });
  }

  /** Bytes that wait to be sent. */
  get waiting(): number {
    return this.#socket.bufferedAmount;
  }

  /** Bytes of messages and attachments so far. */
  get traffic(): { readonly sent: number; readonly received: number } {
    return { sent: this.#sent, received: this.#received };
  }

  /** Sends what waits, then ends the connection. */
  close(): void {
    this.#socket.close(closeCodes.done);
  }

  /** Ends the connection at once. */
  terminate(): void {
    this.#end(undefined);
    this.#socket.terminate();
  }

  /** Stops reading until `resume`: the other side's `waiting` grows instead of this side's memory. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#ended !== undefined) return;
    this.#received += data.length;
    this.#attempt(() => {
      if (!isBinary) throw frameInvalid("it is a text");
      const delivery = this.#session.receive(data);
      if (delivery !== undefined) this.#deliver(delivery);
    });
  }

  #deliver(delivery: Delivery): void {
    if (this.#observer === undefined) {
      this.#early.push(delivery);
      return;
    }
    this.#attempt(() => this.#observer?.onMessage(delivery));
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#end(isGloamError(error) ? error : frameInvalid(String(error), error));
      this.#socket.close(closeCodes.invalid);
      // Who sends what is no frame need not say good-bye.
      setTimeout(() => this.#socket.terminate(), farewell).unref();
    }
  }

  #end(error: GloamError | undefined): void {
    if (this.#ended !== undefined) return;
    this.#ended = { error };
    this.#observer?.onClose(error);
  }
}

function lost({ from, to }: Introduction, detail: string, cause?: unknown): GloamError {
  return new GloamError("GLOAM_CONNECTION_LOST", `the connection between '${from}' and '${to}' is gone: ${detail}`, {
    cause,
  });
}

function reasonOf(code: number, introduction: Introduction): GloamError | undefined {
  if (code === closeCodes.done) return undefined;
  if (code === closeCodes.invalid) return lost(introduction, "the other side could not believe what it got");
  return lost(introduction, code === 1006 ? "it was cut" : `it was closed with code ${code}`);
}
