import { GloamError } from "@gloam/common";
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TlsSettings } from "../tls-settings.ts";
import type { RuntimeArchive } from "./runtime-archive.ts";

/** What strangers may take: what is served is no secret, but costs a megabyte each time. */
const mostConnections = 256;
const requestTimeout = 10_000;

export interface RuntimeServerOptions {
  readonly archive: RuntimeArchive;
  /** Address to listen at. */
  readonly host: string;
  /** 0 for one that is free. */
  readonly port: number;
  readonly tls?: TlsSettings | undefined;
}

/** Serves the runtime to agents, and nothing else. */
export class RuntimeServer {
  readonly #server: Server;
  readonly #path: string;
  readonly #scheme: string;

  private constructor(server: Server, { archive, tls }: RuntimeServerOptions) {
    this.#server = server;
    this.#path = pathOf(archive);
    this.#scheme = tls === undefined ? "http" : "https";
  }

  /**
   * Begins to listen.
   * @throws GloamError `GLOAM_CONNECTION_LOST` where the address cannot be had.
   */
  static async listen(options: RuntimeServerOptions): Promise<RuntimeServer> {
    const { archive, host, port, tls } = options;
    const path = pathOf(archive);
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      if (request.method !== "GET" || request.url !== path) {
        response.writeHead(404, { connection: "close" }).end();
        return;
      }
      const { bytes } = archive;
      response
        .writeHead(200, { "content-type": "application/gzip", "content-length": bytes.length, connection: "close" })
        .end(bytes);
    };
    const limits = { requestTimeout, headersTimeout: requestTimeout, maxHeaderSize: 4096 };
    const server =
      tls === undefined
        ? createHttpServer(limits, answer)
        : createHttpsServer({ ...limits, cert: tls.cert, key: tls.key, minVersion: "TLSv1.3" }, answer);
    server.maxConnections = mostConnections;
    server.unref();
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause) => {
        const told = `cannot listen at ${host}:${port}: ${cause.message}`;
        const hint =
          "driver.bindAddress, or else driver.host, must be an address of this machine, and driver.runtimePort free there";
        reject(new GloamError("GLOAM_CONNECTION_LOST", told, { hint, cause }));
      });
      server.listen(port, host, resolve);
    });
    server.on("error", () => undefined);
    return new RuntimeServer(server, options);
  }

  /** Where agents that reach this machine at `host` get it. */
  url(host: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#scheme}://${host.includes(":") ? `[${host}]` : host}:${port}${this.#path}`;
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

function pathOf({ sha256 }: RuntimeArchive): string {
  return `/runtime/${sha256}`;
}
