import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const command = join(root, "packages", "gloam", "bin", "gloam.mjs");

function run(example: string, ...parameters: string[]): string {
  const script = join(root, "examples", example);
  return execFileSync(process.execPath, [command, "run", "--master", "local[2]", script, ...parameters], {
    encoding: "utf8",
  });
}

test("wordcount.ts", () => {
  const directory = mkdtempSync(join(tmpdir(), "gloam-examples-"));
  try {
    writeFileSync(join(directory, "one.txt"), "The moon, the MOON!\nété 42\n");
    writeFileSync(join(directory, "two.txt"), "the end\n");
    const lines = run("wordcount.ts", join(directory, "*.txt")).split("\n");
    expect(lines.slice(0, 2)).toEqual([` the        3 ${"█".repeat(40)}`, `moon        2 ${"█".repeat(27)}`]);
    expect(lines.slice(2, 4).toSorted()).toEqual([
      ` end        1 ${"█".repeat(13)}`,
      ` été        1 ${"█".repeat(13)}`,
    ]);
    expect(lines[5]).toMatch(/^7 words, 4 different ones, in \d+\.\d\d s$/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("pi.ts", () => {
  expect(run("pi.ts", "1000000")).toMatch(/^pi is about 3\.1[34]\d\d, from 1000000 points\n$/);
});

test("logs.ts", () => {
  const output = run("logs.ts", "10000");
  const counts = [...output.matchAll(/│ (\/\w*) +│ (\d+) +│ (\d+) +│ (\d+) +│/g)];
  expect(counts.map(([, page]) => page)).toEqual(["/", "/cart", "/checkout", "/help", "/search"]);
  expect(counts.reduce((sum, [, , requests]) => sum + Number(requests), 0)).toBe(10_000);
  expect(output).toMatch(/slowest: \/search 404 ms, /);
  expect(run("logs.ts", "10000")).toBe(output);
});

test("inverted-index.ts", () => {
  const lines = run("inverted-index.ts").trimEnd().split("\n");
  expect(lines).toEqual(["and: 4, 5", "his: 2, 3", "shining: 1, 2", "the: 1, 4, 6", "was: 1, 5"]);
});

test("stencil.ts", () => {
  const lines = run("stencil.ts", "2000", "4000").trimEnd().split("\n");
  expect(lines[0]).toBe("2000 points in 2 parts, 4000 steps");
  const [, error] = /^largest error (\S+)$/.exec(lines[2] ?? "") ?? [];
  expect(Number(error)).toBeLessThan(1e-6);
  expect(lines[1]).toMatch(/^middle 0\.9\d+$/);
});

test("every example is tested here", () => {
  const examples = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".ts"));
  expect(examples).toEqual(["inverted-index.ts", "logs.ts", "pi.ts", "stencil.ts", "wordcount.ts"]);
});
