import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeCallSite } from "./call-site.ts";
import { captureCallSite } from "./capture-call-site.ts";

const here = fileURLToPath(import.meta.url);

describe("inside vitest", () => {
  // Types before the call: vitest runs this file with other positions than it has here.
  interface Widget {
    readonly size: number;
  }

  test("the position is that of the source", () => {
    const widget: Widget = { size: 1 };
    const site = captureCallSite(); // prettier-ignore
    expect(site).toEqual({ file: here, line: lineOf("captureCallSite(); // prettier-ignore"), column: 18 });
    expect(widget.size).toBe(1);
  });

  test("frames of Node between user and Gloam are left out", () => {
    const [site] = [1].map(() => captureCallSite());
    expect(site?.file).toBe(here);
  });

  test("stack settings of the program stay as they are", () => {
    const settings = () => [Reflect.get(Error, "prepareStackTrace"), Error.stackTraceLimit];
    const before = settings();
    captureCallSite();
    expect(settings()).toEqual(before);
  });

  test("100,000 captures at one place give one object", () => {
    const sites = new Set(Array.from({ length: 100_000 }, () => captureCallSite()));
    expect(sites.size).toBe(1);
  });
});

describe("in a program of the user", () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "gloam-call-site-"));
    const packageDirectory = join(directory, "node_modules", "gloam");
    mkdirSync(packageDirectory, { recursive: true });
    const common = new URL("../dist/index.js", import.meta.url).href;
    writeFileSync(
      join(packageDirectory, "package.json"),
      '{ "name": "gloam", "type": "module", "exports": "./index.js" }',
    );
    writeFileSync(
      join(packageDirectory, "index.js"),
      `import { captureCallSite, describeCallSite } from ${JSON.stringify(common)};
       const describe = () => { const site = captureCallSite(); return site && describeCallSite(site); };
       export const operation = (depth) => depth > 0 ? operation(depth - 1) : describe();`,
    );
    writeFileSync(join(directory, "package.json"), '{ "type": "module", "private": true }');
    writeFileSync(
      join(directory, "etl.ts"),
      `import { operation } from "gloam";
interface Row {
  readonly key: string;
}
function run(row: Row): unknown { return [operation(0), operation(50), [1].map(() => operation(2))[0], row.key]; }
console.log(JSON.stringify(run({ key: "k" })));`,
    );
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const expected = ["etl.ts:5:43", "etl.ts:5:57", "etl.ts:5:86", "k"];
  const run = (...parameters: string[]): unknown =>
    JSON.parse(execFileSync(process.execPath, parameters, { cwd: directory, encoding: "utf8" }));

  test("under tsx", () => {
    expect(run("--import", import.meta.resolve("tsx"), "etl.ts")).toEqual(expected);
  });

  // Under type stripping: a test of `gloam run`, which runs on every supported Node.

  const bundle = (outfile: string, external: string[], sourcemap = true): void => {
    buildSync({
      absWorkingDir: directory,
      entryPoints: ["etl.ts"],
      outfile: join(directory, outfile),
      bundle: true,
      external,
      platform: "node",
      format: "esm",
      sourcemap,
      minify: true,
    });
  };

  test("in a bundle with source maps", () => {
    bundle("bundle.js", ["gloam"]);
    expect(run("--enable-source-maps", "bundle.js")).toEqual(expected);
  });

  test("in a bundle whose source maps Node does not read", () => {
    bundle("bundle.js", ["gloam"]);
    expect(run("bundle.js")).toEqual(expected);
  });

  test("in a bundle without source maps: the bundle's position", () => {
    bundle("bundle.js", ["gloam"], false);
    expect((run("bundle.js") as string[])[0]).toMatch(/^bundle\.js:1:\d+$/);
  });
});

test("a file outside the working directory is named in full, one of no file by its name", () => {
  expect(describeCallSite({ file: join("/srv", "a.ts"), line: 1, column: 2 }, "/srv/app")).toBe("/srv/a.ts:1:2");
  expect(describeCallSite({ file: "/srv/app/src/a.ts", line: 1, column: 2 }, "/srv/app")).toBe("src/a.ts:1:2");
  expect(describeCallSite({ file: "file:///srv/app/a.ts", line: 1, column: 2 }, "/srv/app")).toBe("a.ts:1:2");
  expect(describeCallSite({ file: "[eval]", line: 1, column: 2 }, dirname(here))).toBe("[eval]:1:2");
});

function lineOf(text: string): number {
  const source = readFileSync(here, "utf8").split("\n");
  return source.findIndex((line) => line.includes(text)) + 1;
}
