import { createPrivateKey, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

test("a certificate names who it is for, is signed by its own key, and is valid whatever the time", () => {
  const { cert, key } = selfSignedCertificate("gloam");
  const read = new X509Certificate(cert);
  expect(read.subject).toBe("CN=gloam");
  expect(read.issuer).toBe(read.subject);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.ca).toBe(true);
  expect([read.validFrom, read.validTo].map((time) => new Date(time).getUTCFullYear())).toEqual([2000, 2049]);
});

test("no two are the same", () => {
  const [one, other] = [selfSignedCertificate("gloam"), selfSignedCertificate("gloam")];
  expect(new X509Certificate(one.cert).serialNumber).not.toBe(new X509Certificate(other.cert).serialNumber);
  expect(one.key).not.toBe(other.key);
});

test("a name of any length fits", () => {
  for (const length of [1, 60, 127, 128, 200, 300]) {
    const { subject } = new X509Certificate(selfSignedCertificate("x".repeat(length)).cert);
    expect(subject).toBe(`CN=${"x".repeat(length)}`);
  }
});
