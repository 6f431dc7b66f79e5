import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCredential } from "./read-credential.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-credentials-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function read(text: string): string | undefined {
  const file = join(directory, "credentials");
  writeFileSync(file, text);
  return readCredential(file);
}

const header = `Basic ${btoa("ada:lovelace")}`;

test("of JSON", () => {
  expect(read('{ "credentials": [{ "principal": "ada", "secret": "lovelace" }] }')).toBe(header);
});

test("of lines", () => {
  expect(read("ada lovelace\n")).toBe(header);
  expect(read("\n  ada\tlovelace\ncharles babbage")).toBe(header);
});

test("of a file without any, or that cannot be read", () => {
  expect(read("")).toBeUndefined();
  expect(read("ada")).toBeUndefined();
  expect(read('{ "credentials": [] }')).toBeUndefined();
  expect(read("{ nonsense")).toBeUndefined();
  expect(readCredential(join(directory, "missing"))).toBeUndefined();
});
