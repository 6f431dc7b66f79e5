import type { GloamError } from "@gloam/common";
import * as v from "valibot";
import type { Connection } from "../connection/connection.ts";
import { frameInvalid } from "../wire/frame-invalid.ts";
import { packMessage, unpackMessage } from "../wire/message-pack.ts";
import { controlBounds } from "../wire/message-pack-bounds.ts";
import { fromExecutor, type FromExecutor } from "./from-executor.ts";
import { toExecutor, type ToExecutor } from "./to-executor.ts";

/** What a channel tells its owner. */
export interface ChannelObserver<Received> {
  onMessage(message: Received): void;
  /** The connection is gone; no error where one of the two sides has closed it. */
  onClose(error: GloamError | undefined): void;
}

/** One end of a way for messages: they arrive whole, once and in order, or not at all. */
export interface Channel<Sent, Received> {
  /** Begins to listen; what has come so far is told at once. */
  observe(observer: ChannelObserver<Received>): void;
  /** Sends a message; after the end it goes nowhere. */
  send(message: Sent): void;
  /** Sends what waits, then ends. */
  close(): void;
  /** Ends at once. */
  terminate(): void;
}

/** Control messages over a connection: what comes has been checked, what does not pass ends the connection. */
class ControlChannel<Sent, Received> implements Channel<Sent, Received> {
  readonly #connection: Connection;
  readonly #read: (message: unknown) => Received;

  constructor(connection: Connection, read: (message: unknown) => Received) {
    this.#connection = connection;
    this.#read = read;
  }

  observe(observer: ChannelObserver<Received>): void {
    this.#connection.observe({
      onMessage: ({ message }) => observer.onMessage(this.#read(unpackMessage(message, controlBounds))),
      onClose: (error) => observer.onClose(error),
    });
  }

  send(message: Sent): void {
    this.#connection.send(packMessage(message));
  }

  close(): void {
    this.#connection.close();
  }

  terminate(): void {
    this.#connection.terminate();
  }
}

/** The driver's end of a connection to an executor. */
export function driverChannel(connection: Connection): Channel<ToExecutor, FromExecutor> {
  return new ControlChannel(connection, readFromExecutor);
}

/** An executor's end of the connection to its driver. */
export function executorChannel(connection: Connection): Channel<FromExecutor, ToExecutor> {
  return new ControlChannel(connection, readToExecutor);
}

/** @throws GloamError `GLOAM_FRAME_INVALID` */
export function readFromExecutor(message: unknown): FromExecutor {
  return validated(fromExecutor, message);
}

/** @throws GloamError `GLOAM_FRAME_INVALID` */
export function readToExecutor(message: unknown): ToExecutor {
  return validated(toExecutor, message);
}

function validated<Schema extends v.GenericSchema>(schema: Schema, message: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, message, { abortEarly: true });
  if (result.success) return result.output;
  const [{ message: what, path }] = result.issues;
  const at = path?.map(({ key }) => String(key)).join(".");
  throw frameInvalid(`its message is none: ${what}${at === undefined ? "" : ` at ${at}`}`);
}
