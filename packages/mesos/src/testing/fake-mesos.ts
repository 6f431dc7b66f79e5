import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";

/** A call as it arrived. */
export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** Number of the connection over which it came, from 0. */
  readonly connection: number;
  readonly call: Readonly<Record<string, unknown>> & { readonly type: string };
}

/** What a call is answered with; `open` keeps the answer open as an event stream. */
export interface FakeAnswer {
  readonly status: number;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A real HTTP server that answers as a master or an agent does, or as it is told to: for faults that a real one cannot be made
 * to show. Subscriptions get SUBSCRIBED and stay open; everything else gets 202.
 */
export class FakeMesos {
  readonly calls: ReceivedCall[] = [];
  /** Decides about a call; undefined for the usual answer. */
  answer: (call: ReceivedCall) => FakeAnswer | "silence" | undefined = () => undefined;
  /** The event that begins a subscription. */
  subscribed: unknown = {
    type: "SUBSCRIBED",
    subscribed: { framework_id: { value: "framework-1" }, heartbeat_interval_seconds: 15 },
  };
  /** `127.0.0.1:` and the port. */
  address = "";
  readonly #server: Server;
  readonly #sockets: Socket[] = [];
  readonly #streams = new Set<ServerResponse>();
  readonly #waiting = new Set<() => void>();

  private constructor(tls: ServerOptions | undefined) {
    const listener: RequestListener = (request, response) => void this.#receive(request, response);
    this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    this.#server.on(tls === undefined ? "connection" : "secureConnection", (socket: Socket) => {
      this.#sockets.push(socket);
    });
  }

  static async start(options: { readonly tls?: ServerOptions; readonly path?: string } = {}): Promise<FakeMesos> {
    const fake = new FakeMesos(options.tls);
    await new Promise<void>((resolve) => {
      if (options.path === undefined) fake.#server.listen(0, "127.0.0.1", resolve);
      else fake.#server.listen(options.path, resolve);
    });
    const bound = fake.#server.address() as AddressInfo | string;
    if (typeof bound !== "string") fake.address = `127.0.0.1:${bound.port}`;
    return fake;
  }

  /** Connections that are open. */
  get openConnections(): number {
    return this.#sockets.filter((socket) => !socket.destroyed).length;
  }

  /** Calls of a type so far. */
  of(type: string): ReceivedCall[] {
    return this.calls.filter((each) => each.call.type === type);
  }

  /** Resolves once something holds of what was received. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        setTimeout(resolve, 5);
      });
    }
  }

  /** Sends an event to all subscriptions. */
  send(event: unknown): void {
    this.sendBytes(asRecord(event));
  }

  sendBytes(bytes: Uint8Array | string): void {
    for (const stream of this.#streams) stream.write(bytes);
  }

  /** Ends all subscriptions properly. */
  endStreams(): void {
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
  }

  /** Cuts all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#streams.clear();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = JSON.parse(await text(request)) as ReceivedCall["call"];
    const connection = this.#sockets.indexOf(request.socket);
    const received = { path: request.url ?? "", headers: request.headers, connection, call };
    this.calls.push(received);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
    const answer = this.answer(received);
    if (answer === "silence") return;
    if (answer !== undefined) {
      response.writeHead(answer.status, answer.headers).end(answer.text ?? "");
    } else if (call.type === "SUBSCRIBE") {
      response.writeHead(200, { "content-type": "application/json", "mesos-stream-id": `stream-${this.calls.length}` });
      response.write(asRecord(this.subscribed));
      this.#streams.add(response);
      response.on("close", () => this.#streams.delete(response));
    } else {
      response.writeHead(202).end();
    }
  }
}

/** A message as a record of RecordIO. */
export function asRecord(message: unknown): Buffer {
  const bytes = Buffer.from(JSON.stringify(message));
  return Buffer.concat([Buffer.from(`${bytes.length}\n`), bytes]);
}
