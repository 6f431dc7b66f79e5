import { createHmac, hkdfSync, randomBytes } from "node:crypto";

/** Bytes of an application's secret, of nonces and of proofs. */
export const secretBytes = 32;

/** A new secret, for one application. It travels out of band: never in arguments, environment, addresses or logs. */
export function createSecret(): Uint8Array {
  return randomBytes(secretBytes);
}

/** Proves knowledge of the secret over what both sides have said; `label` keeps one side's proof from serving as the other's. */
export function proofOf(secret: Uint8Array, label: string, said: readonly Uint8Array[]): Buffer {
  return createHmac("sha256", secret).update(label).update("\0").update(joined(said)).digest();
}

/** The key that seals one direction of a session (HKDF, RFC 5869). */
export function sessionKey(secret: Uint8Array, label: string, said: readonly Uint8Array[]): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, joined(said), label, secretBytes));
}

/** Each part after its length: no two lists give the same bytes. */
function joined(parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}
