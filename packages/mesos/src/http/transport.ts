import { Client } from "undici";

/** How connections with `https:` are made. */
export interface TlsOptions {
  /** Certificates of the authorities that are trusted, as PEM; those of Node.js when left out. */
  readonly ca?: string | undefined;
  /** Certificate of this client as PEM, where Mesos asks for one. */
  readonly cert?: string | undefined;
  /** Private key of the certificate, as PEM. */
  readonly key?: string | undefined;
  /** Whether the other side's certificate and name are verified; true when left out. */
  readonly verify?: boolean | undefined;
}

/** Principal and secret for HTTP basic authentication. */
export interface Credential {
  readonly principal: string;
  readonly secret: string;
}

/** Where a master or an agent is, and how it is reached. */
export interface Target {
  /** Such as `http://127.0.0.1:5050`. */
  readonly origin: string;
  /** Path of the API, such as `/api/v1/scheduler`. */
  readonly path: string;
  readonly tls?: TlsOptions | undefined;
  /** Unix domain socket that is used instead of a TCP connection. */
  readonly socketPath?: string | undefined;
}

/** How long a TCP connection and its TLS handshake may take, in milliseconds. */
const connectTimeout = 10_000;

/** Mesos never closes an idle connection; neither do we, for ten minutes. */
const keepAliveTimeout = 600_000;

/**
 * One kept-alive connection, on which requests follow each other in the order in which they were made.
 *
 * @param answerTimeout milliseconds until an answer's headers have to be there; 0 for any time.
 */
export function openConnection({ origin, tls, socketPath }: Target, answerTimeout: number): Client {
  return new Client(origin, {
    pipelining: 1,
    keepAliveTimeout,
    headersTimeout: answerTimeout,
    bodyTimeout: answerTimeout,
    ...(socketPath !== undefined && { socketPath }),
    connect: {
      timeout: connectTimeout,
      ...(tls?.ca !== undefined && { ca: tls.ca }),
      ...(tls?.cert !== undefined && { cert: tls.cert }),
      ...(tls?.key !== undefined && { key: tls.key }),
      ...(tls?.verify === false && { rejectUnauthorized: false }),
    },
  });
}

/** The headers of every call. */
export function callHeaders(authorization?: string): Record<string, string> {
  return {
    "content-type": "application/json",
    accept: "application/json",
    ...(authorization !== undefined && { authorization }),
  };
}

/** The value of the Authorization header for a principal and its secret. */
export function basicAuthorization({ principal, secret }: Credential): string {
  return `Basic ${Buffer.from(`${principal}:${secret}`).toString("base64")}`;
}
