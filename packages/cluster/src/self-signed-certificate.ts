import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A certificate and its key, PEM. */
export interface CertificateAndKey {
  readonly cert: string;
  readonly key: string;
}

/**
 * Makes a certificate that vouches for itself (ECDSA on P-256, valid until 2049 whatever clocks say), for connections whose two sides
 * prove otherwise who they are. About 1 ms.
 *
 * Node.js reads certificates and writes none; the few that this makes need no library: RFC 5280 in DER.
 */
export function selfSignedCertificate(name: string): CertificateAndKey {
  const { publicKey, privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const algorithm = sequence(identifier(ecdsaWithSha256));
  const names = sequence(element(tags.set, sequence(identifier(commonName), element(tags.utf8, Buffer.from(name)))));
  const validity = sequence(...["000101000000Z", "491231235959Z"].map((time) => element(tags.time, Buffer.from(time))));
  const isAuthority = element(tags.bytes, sequence(element(tags.boolean, Buffer.of(0xff))));
  const constraints = sequence(identifier(basicConstraints), element(tags.boolean, Buffer.of(0xff)), isAuthority);
  const body = sequence(
    element(tags.version, integer(Buffer.of(2))),
    // Positive, and not longer than it has to be.
    integer(Buffer.concat([Buffer.of(0x40), randomBytes(15)])),
    ...[algorithm, names, validity, names, publicKey],
    element(tags.extensions, sequence(constraints)),
  );
  const signature = sign("sha256", body, createPrivateKey(privateKey));
  const certificate = sequence(body, algorithm, element(tags.bits, Buffer.concat([Buffer.of(0), signature])));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: privateKey,
  };
}

const tags = {
  ...{ boolean: 0x01, integer: 0x02, bits: 0x03, bytes: 0x04, identifier: 0x06, utf8: 0x0c, time: 0x17 },
  ...{ sequence: 0x30, set: 0x31, version: 0xa0, extensions: 0xa3 },
} as const;

/** 1.2.840.10045.4.3.2 */
const ecdsaWithSha256 = Buffer.from("2a8648ce3d040302", "hex");
/** 2.5.4.3 */
const commonName = Buffer.from("550403", "hex");
/** 2.5.29.19 */
const basicConstraints = Buffer.from("551d13", "hex");

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(tags.sequence, Buffer.concat(parts));
}

function identifier(bytes: Buffer): Buffer {
  return element(tags.identifier, bytes);
}

function integer(bytes: Buffer): Buffer {
  return element(tags.integer, bytes);
}

/** A tag, the length, what it holds. */
function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
