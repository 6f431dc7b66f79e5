import { proofOf } from "../handshake/secret.ts";

/** What everybody may know of the path. */
const known = "/gloam/";

/**
 * Path of the one resource of an application's servers. Only who knows the secret knows it, so that strangers are turned away
 * by the first line that they send; somebody who has read it on the network has proved nothing yet.
 */
export function serverPath(secret: Uint8Array): string {
  return `${known}${proofOf(secret, "gloam path", []).toString("base64url")}`;
}

/** The first line of a request for the resource, as `ws` writes it. */
export function requestLine(secret: Uint8Array): { readonly line: Buffer; readonly knownBytes: number } {
  return { line: Buffer.from(`GET ${serverPath(secret)} HTTP/1.1\r\n`, "latin1"), knownBytes: `GET ${known}`.length };
}
