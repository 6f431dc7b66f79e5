import { GloamError, type Configuration, type ConfigurationKey } from "@gloam/common";
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

/** What driver and executors need for TLS: certificate and key of all of them, and whose certificates are believed. PEM. */
export interface TlsSettings {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string | undefined;
}

const keys = {
  certificate: "network.tls.certificate",
  key: "network.tls.key",
  authority: "network.tls.authority",
} as const satisfies Record<string, ConfigurationKey>;

/** PEM files are a few KiB; what is larger is something else, and executors would not take it. */
const mostBytes = 256 * 1024;

/**
 * Reads and checks what the configuration says of TLS, before anything is started with it. With nothing but `network.tls.enabled`, a
 * certificate is made for this application, and no other is believed.
 *
 * @param now Milliseconds of the clock that certificates are compared with.
 * @returns Undefined where connections are not to be over TLS.
 * @throws GloamError `GLOAM_CONF_INVALID` for a file that is not there or of another kind, a key of another certificate, and a
 *   certificate that is not valid now.
 */
export function tlsSettings(configuration: Configuration, now: number): TlsSettings | undefined {
  if (!configuration.get("network.tls.enabled")) return undefined;
  const [certificate, key, authority] = [keys.certificate, keys.key, keys.authority].map((name) =>
    configuration.get(name),
  ) as [string, string, string];
  if (certificate === "" && key === "") {
    if (authority !== "") throw missing(keys.certificate, keys.authority);
    const made = selfSignedCertificate("gloam");
    return { ...made, ca: made.cert };
  }
  if (certificate === "") throw missing(keys.certificate, keys.key);
  if (key === "") throw missing(keys.key, keys.certificate);
  const cert = readPem(keys.certificate, certificate);
  const read = readCertificate(keys.certificate, certificate, cert);
  refuseInvalid(keys.certificate, certificate, read, now);
  const keyText = readPem(keys.key, key);
  if (!read.checkPrivateKey(readKey(key, keyText))) {
    throw invalid(
      keys.key,
      key,
      `is not the key of the certificate in ${certificate}`,
      "name the key that belongs to it",
    );
  }
  if (authority === "") return { cert, key: keyText };
  const ca = readPem(keys.authority, authority);
  const believed = certificatesIn(ca).map((text) => readCertificate(keys.authority, authority, text));
  for (const each of believed) refuseInvalid(keys.authority, authority, each, now);
  refuseUnrelated(
    certificate,
    certificatesIn(cert).map((text) => new X509Certificate(text)),
    authority,
    believed,
  );
  return { cert, key: keyText, ca };
}

function refuseInvalid(name: ConfigurationKey, file: string, certificate: X509Certificate, now: number): void {
  const renew = "renew the certificate, or check the clock of this machine";
  if (now > Date.parse(certificate.validTo)) throw invalid(name, file, `has expired on ${certificate.validTo}`, renew);
  if (now < Date.parse(certificate.validFrom)) {
    throw invalid(name, file, `is not valid before ${certificate.validFrom}`, renew);
  }
}

/** Connections would fail one after the other, each with words of OpenSSL. */
function refuseUnrelated(
  file: string,
  chain: readonly X509Certificate[],
  authority: string,
  believed: readonly X509Certificate[],
): void {
  const isVouchedFor = chain.some((certificate) =>
    believed.some((each) => each.fingerprint256 === certificate.fingerprint256 || certificate.checkIssued(each)),
  );
  if (isVouchedFor) return;
  throw invalid(
    keys.authority,
    authority,
    `has no certificate that vouches for the one in ${file}`,
    "name the certificates of who has issued it, intermediate ones with the certificate itself",
  );
}

function readPem(name: ConfigurationKey, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(name, file, `cannot be read: ${reason}`, "name a PEM file that this process may read", cause);
  }
  if (text.length <= mostBytes) return text;
  throw invalid(name, file, `has more than ${mostBytes} bytes`, "name a file with what is needed and no more");
}

function readCertificate(name: ConfigurationKey, file: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw invalid(name, file, "holds no certificate that can be read", "name a file with a certificate in PEM", cause);
  }
}

function readKey(file: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    const mend = "name a file with a private key in PEM that has no passphrase";
    throw invalid(keys.key, file, "holds no private key that can be read", mend, cause);
  }
}

/** Several certificates stand one behind the other; without any, the whole is given for who reads it to refuse. */
function certificatesIn(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [text];
}

function missing(wanted: ConfigurationKey, given: ConfigurationKey): GloamError {
  return new GloamError("GLOAM_CONF_INVALID", `'${given}' is set and '${wanted}' is not`, {
    hint: `set both, or neither for a certificate that is made for this application`,
  });
}

function invalid(name: ConfigurationKey, file: string, what: string, hint: string, cause?: unknown): GloamError {
  return new GloamError("GLOAM_CONF_INVALID", `'${name}': ${file} ${what}`, { hint, cause });
}
