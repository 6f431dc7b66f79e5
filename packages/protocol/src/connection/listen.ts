import { GloamError, isGloamError } from "@gloam/common";
import { randomBytes } from "node:crypto";
import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createSecureContext, TLSSocket, type SecureContext } from "node:tls";
import { WebSocketServer, type WebSocket } from "ws";
import { notAuthenticated } from "../handshake/handshake-failure.ts";
import type { Introduction } from "../handshake/messages.ts";
import { secretBytes } from "../handshake/secret.ts";
import { ServerHandshake } from "../handshake/server-handshake.ts";
import { requestLine } from "./address.ts";
import { closeCodes } from "./close-codes.ts";
import { Connection } from "./connection.ts";
import { readFirstLine } from "./first-line.ts";
import { mostDeliveryBytes } from "./session.ts";
import { tlsBinding } from "./tls-binding.ts";
import { UnprovedConnections } from "./unproved-connections.ts";

export interface ListenOptions {
  /** Its own name, which whoever connects has to know. */
  readonly name: string;
  readonly secret: Uint8Array;
  /** Address to bind to; the loopback one by default. */
  readonly host?: string | undefined;
  /** 0, the default, for one that is free. */
  readonly port?: number | undefined;
  /** A certificate and its key, PEM; without them frames are authenticated, and not encrypted. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly limits?: Partial<ListenLimits> | undefined;
  /** Whether one who knows the secret may come in. */
  readonly admits?: ((introduction: Introduction) => boolean) | undefined;
  readonly onConnection: (connection: Connection) => void;
  /** Somebody was refused, and what for: once a connection at most. */
  readonly onRefused?: ((error: GloamError) => void) | undefined;
}

/** What those may take who have not proved anything yet. */
export interface ListenLimits {
  /** Milliseconds from the connection to the proof. */
  readonly handshakeTimeout: number;
  /** Connections that have not proved anything: of more, the oldest go. */
  readonly unproved: number;
  /** Connections in all. */
  readonly connections: number;
}

const defaultLimits: ListenLimits = { handshakeTimeout: 10_000, unproved: 256, connections: 8192 };
const longestHeaders = 4096;
/** What strangers are told. */
const forbidden = "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/** Waits for connections, and hands on those whose other side has proved that it knows the secret. */
export class Listener {
  readonly #options: ListenOptions;
  readonly #server: Server;
  readonly #http: HttpServer;
  readonly #webSockets: WebSocketServer;
  readonly #secureContext: SecureContext | undefined;
  readonly #unproved: UnprovedConnections;
  readonly #requestLine: ReturnType<typeof requestLine>;
  readonly #sockets = new Set<Socket>();
  /** One for all: an error costs as much as all else that a stranger costs. */
  readonly #stranger = notAuthenticated("what wants to connect does not know the secret");

  private constructor(options: ListenOptions) {
    const limits = { ...defaultLimits, ...options.limits };
    this.#options = options;
    this.#requestLine = requestLine(options.secret);
    this.#unproved = new UnprovedConnections(limits.unproved, limits.handshakeTimeout);
    this.#secureContext = options.tls && createSecureContext({ ...options.tls, minVersion: "TLSv1.3" });
    this.#webSockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: mostDeliveryBytes,
      clientTracking: false,
    });
    this.#http = createHttpServer({ maxHeaderSize: longestHeaders }, (_request, response) => {
      response.writeHead(426, { connection: "close" }).end();
    });
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#http.on("clientError", (_error, socket) => socket.destroy());
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = limits.connections;
  }

  /**
   * Begins to listen.
   * @throws GloamError `GLOAM_CONNECTION_LOST` where the address cannot be had.
   */
  static async listen(options: ListenOptions): Promise<Listener> {
    const { host = "127.0.0.1", port = 0 } = options;
    const listener = new Listener(options);
    const server = listener.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause) =>
        reject(
          new GloamError("GLOAM_CONNECTION_LOST", `cannot listen at ${host}:${port}: ${cause.message}`, {
            hint: "name an address of this machine, and a port that is free there",
            cause,
          }),
        ),
      );
      server.listen(port, host, resolve);
    });
    // From here on errors are those of single connections that could not be accepted.
    server.on("error", () => undefined);
    return listener;
  }

  /** The port that it listens at. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections whose other side has not proved anything yet. */
  get unproved(): number {
    return this.#unproved.size;
  }

  /** Ends all connections and gives the port back. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#unproved.endAll();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(raw: Socket): void {
    const socket =
      this.#secureContext === undefined
        ? raw
        : new TLSSocket(raw, { isServer: true, secureContext: this.#secureContext });
    for (const each of new Set([raw, socket])) {
      each.on("error", () => {
        raw.destroy();
        socket.destroy();
      });
    }
    this.#sockets.add(raw);
    raw.once("close", () => {
      this.#sockets.delete(raw);
      socket.destroy();
    });
    this.#unproved.watch(socket);
    readFirstLine(socket, this.#requestLine, (isExpected) => {
      if (isExpected) {
        this.#http.emit("connection", socket);
        socket.resume();
      } else {
        socket.write(forbidden, () => socket.destroy());
        this.#options.onRefused?.(this.#stranger);
      }
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#shakeHands(webSocket, request.socket));
  }

  #shakeHands(webSocket: WebSocket, socket: Socket): void {
    const { secret, name, admits = () => true, onRefused } = this.#options;
    const binding = tlsBinding(socket);
    const handshake = new ServerHandshake({ secret, name, admits, nonce: randomBytes(secretBytes), binding });
    let opened = false;
    const step = (data: unknown): void => {
      try {
        const bytes = data as Buffer;
        if (opened) {
          this.#admit(webSocket, socket, handshake, bytes);
          webSocket.off("message", step);
          return;
        }
        opened = true;
        const { answer, refused } = handshake.open(bytes);
        webSocket.send(answer);
        if (refused !== undefined) throw refused;
      } catch (error) {
        if (!isGloamError(error)) throw error;
        webSocket.off("message", step);
        webSocket.close(error.code === "GLOAM_PROTOCOL_VERSION" ? closeCodes.version : closeCodes.refused);
        onRefused?.(error);
      }
    };
    webSocket.on("message", step);
    webSocket.on("error", () => webSocket.terminate());
  }

  #admit(webSocket: WebSocket, socket: Socket, handshake: ServerHandshake, bytes: Uint8Array): void {
    const { answer, introduction, keys } = handshake.admit(bytes);
    this.#unproved.settle(socket);
    webSocket.send(answer);
    const sealed = this.#options.tls === undefined;
    this.#options.onConnection(new Connection(webSocket, introduction, sealed ? keys : undefined));
  }
}
