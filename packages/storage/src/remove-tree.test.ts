import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import type * as FileSystem from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { removeTree } from "./remove-tree.ts";

// Rights say nothing to a superuser, as whom tests may run: here a directory that its owner may not write in holds on to what is in it.
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof FileSystem>();
  const locked = (path: string): boolean =>
    fs.existsSync(path) &&
    fs.statSync(path).isDirectory() &&
    fs.readdirSync(path).some((name) => (fs.statSync(path).mode & 0o200) === 0 || locked(join(path, name)));
  return {
    ...fs,
    rmSync(path: string, options: FileSystem.RmOptions) {
      if (locked(path)) throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
      fs.rmSync(path, options);
    },
  };
});

let parent = "";
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "gloam-test-"));
});
afterEach(() => removeTree(parent, { recursive: true, force: true }));

test("directories that are read-only are removed with what is in them", () => {
  const tree = join(parent, "tree");
  mkdirSync(join(tree, "a", "b"), { recursive: true });
  for (const directory of [tree, join(tree, "a"), join(tree, "a", "b")]) writeFileSync(join(directory, "f"), "");
  for (const directory of [join(tree, "a", "b"), join(tree, "a"), tree]) chmodSync(directory, 0o500);
  expect(() => rmSync(tree, { recursive: true })).toThrow("EACCES");
  removeTree(tree, { recursive: true, force: true });
  expect(existsSync(tree)).toBe(false);
});

test("nothing is let in where it is not to be removed with what it holds, and what is not there is no error", () => {
  const file = join(parent, "file");
  writeFileSync(file, "");
  chmodSync(parent, 0o500);
  expect(() => removeTree(parent, { force: true })).toThrow("EACCES");
  expect(statSync(parent).mode & 0o777).toBe(0o500);
  expect(readdirSync(parent)).toEqual(["file"]);
  removeTree(join(parent, "missing"), { recursive: true, force: true });
});
