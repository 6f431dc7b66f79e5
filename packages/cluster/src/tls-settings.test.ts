import { Configuration } from "@gloam/common";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tlsSettings, type TlsSettings } from "./tls-settings.ts";

const now = Date.UTC(2026, 5, 1);
const year = 365 * 24 * 3_600_000;

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "gloam-tls-"));
  const make = async (name: string, from: number, to: number, ca?: { key: string; cert: string }) => {
    const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
      keyType: "ec",
      algorithm: "sha256",
      notBeforeDate: new Date(from),
      notAfterDate: new Date(to),
      extensions: [
        { name: "basicConstraints", cA: name === "authority", critical: true },
        { name: "keyUsage", digitalSignature: true, keyCertSign: name === "authority", critical: true },
      ],
      ...(ca && { ca }),
    });
    writeFileSync(join(directory, `${name}.pem`), cert);
    writeFileSync(join(directory, `${name}.key`), key);
    return { cert, key };
  };
  const authority = await make("authority", now - year, now + year);
  await make("issued", now - year, now + year, authority);
  await make("other", now - year, now + year);
  await make("expired", now - 2 * year, now - year);
  await make("early", now + year, now + 2 * year);
  writeFileSync(join(directory, "text.pem"), "no certificate");
  writeFileSync(join(directory, "large.pem"), "x".repeat(300_000));
});
afterAll(() => rmSync(directory, { recursive: true }));

function settings(files: Readonly<Record<string, string>>, enabled = true): TlsSettings | undefined {
  const named = Object.entries(files).map(([key, file]) => [`network.tls.${key}`, join(directory, file)] as const);
  const configuration = Configuration.resolve(
    { options: Object.fromEntries<unknown>([...named, ["network.tls.enabled", enabled]]) },
    { memory: 2 ** 30, temporaryDirectory: "/tmp" },
  );
  return tlsSettings(configuration, now);
}

test("nothing is over TLS unless it is enabled", () => {
  expect(settings({ certificate: "issued.pem", key: "issued.key" }, false)).toBeUndefined();
});

test("without a certificate one is made for the application, and no other is believed", () => {
  const one = settings({});
  expect(one?.ca).toBe(one?.cert);
  expect(new X509Certificate(one?.cert ?? "").subject).toBe("CN=gloam");
  expect(settings({})?.cert).not.toBe(one?.cert);
});

test("certificate, key and authority are those of the files", () => {
  const issued = { certificate: "issued.pem", key: "issued.key" };
  expect(settings(issued)).toEqual({
    cert: expect.stringContaining("BEGIN CERTIFICATE") as string,
    key: expect.stringContaining("PRIVATE KEY") as string,
  });
  expect(settings({ ...issued, authority: "authority.pem" })?.ca).toContain("BEGIN CERTIFICATE");
  expect(settings({ ...issued, authority: "issued.pem" })?.ca).toContain("BEGIN CERTIFICATE");
});

test.each([
  ["a certificate without its key", { certificate: "issued.pem" }, /'network.tls.key' is not/],
  ["a key without its certificate", { key: "issued.key" }, /'network.tls.certificate' is not/],
  ["an authority alone", { authority: "authority.pem" }, /'network.tls.certificate' is not/],
  ["a file that is not there", { certificate: "none.pem", key: "issued.key" }, /none\.pem cannot be read: ENOENT/],
  ["a file that is no certificate", { certificate: "text.pem", key: "issued.key" }, /text\.pem holds no certificate/],
  [
    "a file that is too large",
    { certificate: "large.pem", key: "issued.key" },
    /large\.pem has more than 262144 bytes/,
  ],
  ["a file that is no key", { certificate: "issued.pem", key: "text.pem" }, /text\.pem holds no private key/],
  [
    "another certificate's key",
    { certificate: "issued.pem", key: "other.key" },
    /other\.key is not the key of the cert/,
  ],
  ["an expired certificate", { certificate: "expired.pem", key: "expired.key" }, /expired\.pem has expired on Jun/],
  ["one of the future", { certificate: "early.pem", key: "early.key" }, /early\.pem is not valid before Jun/],
  [
    "an authority that vouches for others",
    { certificate: "issued.pem", key: "issued.key", authority: "other.pem" },
    /other\.pem has no certificate that vouches for the one in .*issued\.pem/,
  ],
])("%s is an error that says what to do", (_what, files, message) => {
  expect(() => settings(files as unknown as Record<string, string>)).toThrow(
    expect.objectContaining({
      code: "GLOAM_CONF_INVALID",
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(/\w/) as string,
    }),
  );
});
