import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FrameworkIdFile } from "./framework-id-file.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "gloam-test-"))));
afterEach(() => rmSync(directory, { recursive: true }));

test("keeps an id until it is removed, in a directory that it makes", () => {
  const path = join(directory, "one", "two", "id");
  const file = new FrameworkIdFile(path);
  expect(file.read()).toBeUndefined();
  file.write("framework-1");
  file.write("framework-2");
  expect(readFileSync(path, "utf8")).toBe("framework-2\n");
  expect(new FrameworkIdFile(path).read()).toBe("framework-2");
  expect(readdirSync(join(directory, "one", "two"))).toEqual(["id"]);
  file.remove();
  file.remove();
  expect(file.read()).toBeUndefined();
});

test("that is empty keeps none", () => {
  const path = join(directory, "id");
  writeFileSync(path, "\n");
  expect(new FrameworkIdFile(path).read()).toBeUndefined();
});
