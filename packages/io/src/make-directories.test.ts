import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDirectories } from "./make-directories.ts";

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "gloam-io-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("gives the first directory that was made", async () => {
  expect(await makeDirectories(root)).toBe(undefined);
  expect(await makeDirectories(join(root, "a/b/c"))).toBe(join(root, "a"));
  expect(existsSync(join(root, "a/b/c"))).toBe(true);
  expect(await makeDirectories(join(root, "a/b/d"))).toBe(join(root, "a/b/d"));
});

test("fails where a file is in the way", async () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  await expect(makeDirectories(file)).rejects.toThrow("EEXIST");
  await expect(makeDirectories(join(file, "a"))).rejects.toThrow("ENOTDIR");
  await expect(makeDirectories(join(file, "a/b"))).rejects.toThrow("ENOTDIR");
});

test.runIf(existsSync("/proc/self"))("fails where nothing can be made", async () => {
  await expect(makeDirectories("/proc/no/such")).rejects.toThrow("ENOENT");
});
