import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { probePath } from "@gloam/storage";
import { expect, test } from "vitest";
import { removeFiles } from "./remove-files.ts";

test("what a killed executor leaves goes, be it killed while it tried its directory, and what is not its own stays", () => {
  const parent = mkdtempSync(join(tmpdir(), "gloam-test-"));
  try {
    const path = join(parent, "gloam-1-a-executor-1");
    mkdirSync(path);
    for (const file of [join(path, "main-0"), probePath(path), `${path}0-probe`]) writeFileSync(file, "x");
    removeFiles(path);
    expect(readdirSync(parent)).toEqual(["gloam-1-a-executor-10-probe"]);
    removeFiles(path);
    expect(existsSync(path)).toBe(false);
  } finally {
    rmSync(parent, { recursive: true });
  }
});
