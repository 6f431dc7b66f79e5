import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { namesInTypeTests, namesOnEveryMaster } from "./used-names.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gloam-names-"));
  writeFileSync(join(folder, "a.test-d.ts"), "expectTypeOf(rdd.map(f)).toEqualTypeOf();");
  writeFileSync(
    join(folder, "a.test.ts"),
    `onEveryMaster("a", (gc) => { test("b", () => gc().range(1).collect(taskContext())); });
     describe.each(masters)("%s", (master) => { context(master).stop(); });
     test.each([1])("%s", () => { rdd.elsewhere(); expectTypeOf(rdd.typed()).toEqualTypeOf(); });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

test("in tests of types", () => {
  const names = namesInTypeTests([folder]);
  expect([...names]).toEqual(expect.arrayContaining(["map", "typed"]));
  expect(names).not.toContain("elsewhere");
});

test("only in what runs on every master", () => {
  const names = namesOnEveryMaster(folder);
  expect([...names]).toEqual(expect.arrayContaining(["range", "collect", "taskContext", "stop"]));
  expect(names).not.toContain("elsewhere");
});
