import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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

test("terasort.ts", () => {
  const directory = join(mkdtempSync(join(tmpdir(), "gloam-examples-")), "sorted");
  try {
    const lines = run("terasort.ts", directory, "10000").trimEnd().split("\n");
    expect(lines[0]).toBe("10000 records, in order");
    expect(lines[1]).toMatch(/^the same as before: checksum \d+$/);
    expect(readdirSync(directory)).toContain("_SUCCESS");
  } finally {
    rmSync(dirname(directory), { recursive: true });
  }
});

test("pagerank.ts", () => {
  expect(run("pagerank.ts")).toBe("1.542 home\n1.500 shop\n0.793 cart\n0.583 about\n0.583 news\n");
});

test("kmeans.ts", () => {
  const lines = run("kmeans.ts", "30000").trimEnd().split("\n");
  expect(lines.slice(-3)).toEqual(["(0.00, 0.00)", "(8.00, 1.01)", "(2.99, 9.00)"]);
});

test("logistic-regression.ts", () => {
  expect(run("logistic-regression.ts", "20000")).toBe(
    "weights in proportion: 2.00, -0.95, 0.45; true ones: 2, -1, 0.5\n93.6 % told right\n",
  );
});

test("genetic.ts", () => {
  const heights = [...run("genetic.ts").matchAll(/epoch \d+: lowest (\S+)/g)].map(([, height]) => Number(height));
  expect(heights).toHaveLength(10);
  expect(heights).toEqual(heights.toSorted((a, b) => b - a));
  expect(heights.at(-1)).toBeLessThan(0.1);
});

test("notebook.ts", () => {
  const output = run("notebook.ts");
  expect(output).toContain("│ 77031 │ 350   │");
  const counts = [...output.matchAll(/^ *(\d+) ▇+ (\d+)$/gm)].map(([, from, count]) => [Number(from), Number(count)]);
  expect(counts.map(([from]) => from)).toEqual([0, 50, 100, 150, 200, 250, 300, 350]);
  expect(counts.reduce((sum, [, count]) => sum + count!, 0)).toBe(100_000);
});

test("stencil.ts", () => {
  const lines = run("stencil.ts", "2000", "4000").trimEnd().split("\n");
  expect(lines[0]).toBe("2000 points in 2 parts, 4000 steps");
  const [, error] = /^largest error (\S+)$/.exec(lines[2] ?? "") ?? [];
  expect(Number(error)).toBeLessThan(1e-6);
  expect(lines[1]).toMatch(/^middle 0\.9\d+$/);
});

test("every example is tested here", () => {
  const source = readFileSync(fileURLToPath(import.meta.url), "utf8");
  const examples = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".ts"));
  expect(examples.filter((name) => !source.includes(`test("${name}"`))).toEqual([]);
});
