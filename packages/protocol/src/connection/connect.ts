import { GloamError, isGloamError } from "@gloam/common";
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { WebSocket } from "ws";
import { ClientHandshake } from "../handshake/client-handshake.ts";
import type { Introduction } from "../handshake/messages.ts";
import { secretBytes } from "../handshake/secret.ts";
import { serverPath } from "./address.ts";
import { closeCodes } from "./close-codes.ts";
import { Connection } from "./connection.ts";
import { mostDeliveryBytes } from "./session.ts";
import { tlsBinding } from "./tls-binding.ts";
import { unprovedBytes } from "./unproved-connections.ts";

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly secret: Uint8Array;
  /** Who connects to whom, and what for. */
  readonly introduction: Introduction;
  /**
   * Connect over TLS. `ca` (PEM) says whose certificates are believed; without it any is, since the proofs are bound to the
   * connection and nobody in between can pass them on. The proofs say who the other side is, not the certificate's names.
   */
  readonly tls?: { readonly ca?: string | undefined } | undefined;
  /** Milliseconds until the connection is given up; 10,000 by default. */
  readonly timeout?: number | undefined;
}

/**
 * Connects, and proves that both sides know the secret. Two round trips after that of the WebSocket.
 * @throws GloamError `GLOAM_CONNECTION_LOST`, `GLOAM_AUTH_FAILED`, `GLOAM_PROTOCOL_VERSION`
 */
export function connect(options: ConnectOptions): Promise<Connection> {
  return new Promise((resolve, reject) => {
    new Attempt(options, resolve, reject).begin();
  });
}

function tlsOptions({ ca }: NonNullable<ConnectOptions["tls"]>): TlsOptions {
  // Executors come and go on machines whose names nobody knew when the certificate was issued.
  return { ca, rejectUnauthorized: ca !== undefined, checkServerIdentity: () => undefined };
}
const forbidden = 403;

/** One attempt to connect: a WebSocket until its two sides have shaken hands. */
class Attempt {
  readonly #options: ConnectOptions;
  readonly #resolve: (connection: Connection) => void;
  readonly #reject: (error: GloamError) => void;
  readonly #webSocket: WebSocket;
  readonly #timer: ReturnType<typeof setTimeout>;
  #socket: Socket | undefined;
  #handshake: ClientHandshake | undefined;
  #introduced = false;

  constructor(options: ConnectOptions, resolve: (connection: Connection) => void, reject: (error: GloamError) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    const { host, port, secret, tls, timeout = 10_000 } = options;
    const address = `${tls === undefined ? "ws" : "wss"}://${host.includes(":") ? `[${host}]` : host}:${port}${serverPath(secret)}`;
    this.#webSocket = new WebSocket(address, {
      perMessageDeflate: false,
      maxPayload: mostDeliveryBytes,
      followRedirects: false,
      ...(tls !== undefined && tlsOptions(tls)),
    });
    this.#timer = setTimeout(() => this.#fail(`no answer for ${timeout} ms`), timeout);
  }

  begin(): void {
    this.#webSocket
      .once("upgrade", (response) => {
        this.#socket = response.socket.setNoDelay(true);
        this.#socket.on("data", this.#onData);
      })
      .once("open", () => this.#open())
      .on("unexpected-response", this.#onRefusal)
      .on("message", this.#onMessage)
      .on("close", this.#onClose)
      .on("error", this.#onError);
  }

  #open(): void {
    const { secret, introduction } = this.#options;
    const binding = tlsBinding(this.#socket);
    this.#handshake = new ClientHandshake({ secret, introduction, nonce: randomBytes(secretBytes), binding });
    this.#webSocket.send(this.#handshake.opening);
  }

  readonly #onMessage = (data: unknown): void => {
    const { introduction, tls } = this.#options;
    const bytes = data as Buffer;
    try {
      if (this.#handshake === undefined) return;
      if (!this.#introduced) {
        this.#introduced = true;
        this.#webSocket.send(this.#handshake.introduce(bytes));
        return;
      }
      const keys = this.#handshake.complete(bytes);
      this.#settle();
      this.#resolve(new Connection(this.#webSocket, introduction, tls === undefined ? keys : undefined));
    } catch (error) {
      if (isGloamError(error)) this.#giveUp(error);
      else this.#fail(String(error), error);
    }
  };

  readonly #onData = (): void => {
    // Also whoever answers has proved nothing yet.
    if ((this.#socket?.bytesRead ?? 0) > unprovedBytes) this.#fail("what answered sent too much");
  };

  readonly #onError = (cause: Error): void => this.#fail(cause.message, cause);

  readonly #onClose = (code: number): void => {
    if (code !== closeCodes.refused) this.#fail("it was closed");
    else this.#refused();
  };

  /** Its path is not where a server with this secret is. */
  readonly #onRefusal = (_request: unknown, { statusCode }: IncomingMessage): void => {
    if (statusCode === forbidden) this.#refused();
    else this.#fail(`it answers with HTTP status ${statusCode}`);
  };

  #refused(): void {
    this.#giveUp(new GloamError("GLOAM_AUTH_FAILED", `'${this.#options.introduction.to}' refused the connection`));
  }

  #fail(detail: string, cause?: unknown): void {
    const { introduction, host, port } = this.#options;
    const message = `cannot connect to '${introduction.to}' at ${host}:${port}: ${detail}`;
    this.#giveUp(new GloamError("GLOAM_CONNECTION_LOST", message, { cause }));
  }

  #giveUp(error: GloamError): void {
    this.#settle();
    this.#webSocket.on("error", () => undefined);
    this.#webSocket.terminate();
    this.#reject(error);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#socket?.off("data", this.#onData);
    this.#webSocket
      .off("message", this.#onMessage)
      .off("close", this.#onClose)
      .off("unexpected-response", this.#onRefusal)
      .off("error", this.#onError);
  }
}
