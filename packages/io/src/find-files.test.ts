import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findFiles } from "./find-files.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "gloam-io-"));
  const files = [
    "b.txt",
    "a.txt",
    "a[1].txt",
    "c.md",
    "_SUCCESS",
    ".hidden.txt",
    "d/x.txt",
    "d/y.txt",
    "d/e/z.txt",
    ".h/w.txt",
    "q?.txt",
  ];
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), file);
  }
  mkdirSync(join(root, "empty"));
  symlinkSync(root, join(root, "d/loop"));
  symlinkSync(join(root, "c.md"), join(root, "d/link.txt"));
  symlinkSync(join(root, "nowhere"), join(root, "d/broken.txt"));
});
afterAll(() => rmSync(root, { recursive: true }));

async function find(...paths: string[]): Promise<string[]> {
  const files = await findFiles(paths.map((path) => join(root, path)));
  return files.map(({ path }) => path.slice(root.length + 1));
}

test("a file, a directory, and the order of several paths", async () => {
  expect(await findFiles([join(root, "b.txt")])).toEqual([{ path: join(root, "b.txt"), bytes: 5 }]);
  expect(await find("")).toEqual(["a.txt", "a[1].txt", "b.txt", "c.md", "q?.txt"]);
  expect(await find("d", "b.txt", "a.txt", "a.txt")).toEqual([
    "d/link.txt",
    "d/x.txt",
    "d/y.txt",
    "b.txt",
    "a.txt",
    "a.txt",
  ]);
  expect(await find("empty")).toEqual([]);
  expect(await find(".h/w.txt")).toEqual([".h/w.txt"]);
});

test("patterns", async () => {
  expect(await find("*.txt")).toEqual(["a.txt", "a[1].txt", "b.txt", "q?.txt"]);
  expect(await find("{b,a}.txt")).toEqual(["a.txt", "b.txt"]);
  expect(await find("{*,a}.txt", "{d/e,d}/[yz].txt")).toEqual([
    "a.txt",
    "a[1].txt",
    "b.txt",
    "q?.txt",
    "d/e/z.txt",
    "d/y.txt",
  ]);
  expect(await find("**/*.txt")).toEqual([
    "a.txt",
    "a[1].txt",
    "b.txt",
    "d/e/z.txt",
    "d/link.txt",
    "d/x.txt",
    "d/y.txt",
    "q?.txt",
  ]);
  expect(await find("d/**")).toEqual(["d/e/z.txt", "d/link.txt", "d/x.txt", "d/y.txt"]);
  expect(await find("d/**/**/e/*")).toEqual(["d/e/z.txt"]);
  expect(await find("[d]")).toEqual(["d/link.txt", "d/x.txt", "d/y.txt"]);
});

test("a path that exists as it is written is no pattern", async () => {
  expect(await find("a[1].txt")).toEqual(["a[1].txt"]);
});

test("file URLs", async () => {
  expect(await findFiles([pathToFileURL(join(root, "a.txt")).href])).toHaveLength(1);
  expect(await findFiles([`file://${root}/{a,b}.t?t`])).toHaveLength(2);
});

test("several paths in one string", async () => {
  const together = `${join(root, "a.txt")},${join(root, "d")}`;
  await expect(findFiles([together])).rejects.toMatchObject({
    code: "GLOAM_INPUT_NOT_FOUND",
    hint: `several paths are an array: ${JSON.stringify(together.split(","))}`,
  });
  for (const path of [`${join(root, "a.txt")},none`, `${join(root, "a.txt")},`]) {
    await expect(findFiles([path])).rejects.toMatchObject({ hint: expect.stringContaining("nearest") as string });
  }
});

test("what means nothing is named with the nearest directory that exists", async () => {
  await expect(find("d/none/at/all.txt")).rejects.toMatchObject({
    code: "GLOAM_INPUT_NOT_FOUND",
    message: expect.stringContaining("d/none/at/all.txt does not exist") as string,
    hint: expect.stringContaining(join(root, "d")) as string,
  });
  await expect(find("d/*.csv")).rejects.toMatchObject({
    code: "GLOAM_INPUT_NOT_FOUND",
    message: expect.stringContaining("d/*.csv matches no file") as string,
    hint: expect.stringContaining(join(root, "d")) as string,
  });
  await expect(findFiles(["s3://bucket/key"])).rejects.toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
  const callSite = { file: "etl.ts", line: 3, column: 4 };
  await expect(findFiles([join(root, "none")], callSite)).rejects.toMatchObject({ callSite });
});
