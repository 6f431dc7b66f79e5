/** The cases of cases.test.ts, as the programs that users run. */
import { build } from "esbuild";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { runCases } from "../fixtures/run-cases.ts";

const cases = fileURLToPath(new URL("cases.test.ts", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "gloam-closure-"));
symlinkSync(fileURLToPath(new URL("../../../node_modules", import.meta.url)), join(directory, "node_modules"));
afterAll(() => rmSync(directory, { recursive: true }));

describe("the cases run", () => {
  test("as a script under tsx", async () => {
    const report = await runCases(process.execPath, ["--import", "tsx", cases], "tsx");
    expect(report).toMatchObject({ failed: 0, output: "" });
    expect(report.cases).toBeGreaterThan(100);
  });

  test.each([
    { name: "bundle", options: { sourcemap: "linked" } },
    {
      name: "minified bundle",
      options: { sourcemap: "inline", minify: true, keepNames: true },
    },
  ] as const)("as a $name", async ({ name, options }) => {
    const outfile = join(directory, `${name.replaceAll(" ", "-")}.mjs`);
    await build({
      entryPoints: [cases],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      ...options,
    });
    const report = await runCases(process.execPath, [outfile], name);
    expect(report).toMatchObject({ failed: 0, output: "" });
    expect(report.cases).toBeGreaterThan(100);
  });
});
