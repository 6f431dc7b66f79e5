import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { lateFlag } from "./late-optimization.ts";

test("this V8 knows the flag", () => {
  const flag = lateFlag(process.versions.v8);
  expect(flag).toBeDefined();
  const { status, stderr } = spawnSync(process.execPath, [flag!, "--eval", "0"], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

test("what is not known is left alone", () => {
  expect(lateFlag("10.2.154.26")).toBeUndefined();
  expect(lateFlag("15.0.0")).toBeUndefined();
});
