import { TLSSocket } from "node:tls";
import type { Duplex } from "node:stream";

/**
 * What only the two ends of a TLS connection know (RFC 5705, RFC 9266's label), so that a proof given over one connection is worth
 * nothing over another, whoever's certificate is believed. Empty without TLS.
 */
export function tlsBinding(socket: Duplex | undefined): Uint8Array {
  if (!(socket instanceof TLSSocket)) return new Uint8Array();
  return socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
}
