import { checksum } from "@gloam/storage";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { patternOf } from "../testing/output-source.ts";
import { OutputFiles } from "./output-files.ts";

const bytes = patternOf(1, 1000);
let directory: string;
let files: OutputFiles;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-files-"));
  files = new OutputFiles();
});

afterEach(() => {
  files.close();
  rmSync(directory, { recursive: true, force: true });
});

function pathOf(name: string): string {
  return join(directory, name);
}

/** Reads some bytes of a file, which are to be those of the pattern. */
async function read(name: string, from: number, to: number): Promise<Uint8Array> {
  const target = new Uint8Array(to - from);
  const place = { bytes: undefined, path: pathOf(name), offset: from, length: to - from };
  await files.read({ ...place, checksum: checksum(bytes.subarray(from, to)) }, target);
  return target;
}

test("what is read is what was written, over one open file", async () => {
  writeFileSync(pathOf("a"), bytes);
  const parts = await Promise.all([read("a", 0, 10), read("a", 500, 1000), read("a", 0, 1000)]);
  expect(parts).toEqual([bytes.subarray(0, 10), bytes.subarray(500), bytes]);
  expect(files.size).toBe(1);
  files.forget(pathOf("a"));
  expect(files.size).toBe(0);
});

test("a file that could not be opened is opened by whoever reads next", async () => {
  const failed = { code: "GLOAM_FETCH_FAILED" };
  const [first, second] = await Promise.allSettled([read("a", 0, 10), read("a", 10, 20)]);
  expect([first, second]).toMatchObject([{ reason: failed }, { reason: failed }]);
  expect(files.size).toBe(0);
  writeFileSync(pathOf("a"), bytes);
  expect(await read("a", 0, 10)).toEqual(bytes.subarray(0, 10));
});

test("a file that is damaged or too short is told apart from one that cannot be read", async () => {
  writeFileSync(
    pathOf("a"),
    bytes.map((byte) => byte ^ 1),
  );
  await expect(read("a", 0, 10)).rejects.toMatchObject({ code: "GLOAM_BLOCK_CORRUPT" });
  writeFileSync(pathOf("b"), bytes.subarray(0, 5));
  await expect(read("b", 0, 10)).rejects.toMatchObject({ code: "GLOAM_BLOCK_CORRUPT" });
});

test("few files stay open", async () => {
  const names = Array.from({ length: 100 }, (_, index) => String(index));
  for (const name of names) writeFileSync(pathOf(name), bytes);
  await Promise.all(names.map((name) => read(name, 0, 1000)));
  expect(files.size).toBeLessThanOrEqual(64);
  files.close();
  expect(files.size).toBe(0);
});
