import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("reference pages and the README's table of packages are current", () => {
  const generator = fileURLToPath(new URL("../../docs/generate.mjs", import.meta.url));
  const { stderr, status } = spawnSync(process.execPath, [generator, "--check"], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});
