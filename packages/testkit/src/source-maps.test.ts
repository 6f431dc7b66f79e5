import { build, type BuildOptions } from "esbuild";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram } from "./run-program.ts";

const programs = fileURLToPath(new URL("./programs", import.meta.url));
const sources = { main: join(programs, "throws-elsewhere.ts"), module: join(programs, "throwing-module.ts") };
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-source-maps-"));
  symlinkSync(fileURLToPath(new URL("../../../node_modules", import.meta.url)), join(directory, "node_modules"));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Compiles the program to a file of that name; gives its path. */
async function compile(name: string, options: BuildOptions): Promise<string> {
  await build({
    entryPoints: [sources.main],
    outfile: join(directory, `${name}.mjs`),
    bundle: true,
    platform: "node",
    format: "esm",
    sourcemap: "linked",
    external: ["gloam"],
    ...options,
  });
  return join(directory, `${name}.mjs`);
}

/** `FILE:LINE:` of a text in a file. */
function place(file: string, text: string, shown = file): string {
  const line = readFileSync(file, "utf8")
    .split("\n")
    .findIndex((each) => each.includes(text));
  return `${shown}:${line + 1}:`;
}

interface Report {
  /** Where the message says that the user's function threw. */
  readonly thrownAt: string | undefined;
  readonly calledAt: string;
}

async function run(program: string, nodeOptions: readonly string[], before = ":"): Promise<Report> {
  const end = await runProgram(program, { nodeOptions, before });
  expect(end).toMatchObject({ status: 0, complaints: "" });
  const { message, callSite } = JSON.parse(end.output) as {
    readonly message: string;
    readonly callSite: { readonly file: string; readonly line: number };
  };
  expect(message).toContain("order 7 is wrong");
  const shown = /, at (.+)$/m.exec(message)?.[1];
  // Files below the working directory are named from there.
  const thrownAt = shown === undefined || shown.includes("://") ? shown : resolve(shown);
  return { thrownAt, calledAt: `${callSite.file}:${callSite.line}:` };
}

const thrown = place(sources.module, "throw new RangeError");
const called = place(sources.main, ".filter(");
const checkInOneLine = `
interface Checked { size: number }
const check = (id: number): string => {
  if (id === 7) throw new RangeError(\`order \${id} is wrong\`);
  return "small";
};`;
const enable = ["--enable-source-maps"];
const inEnvironment = "export NODE_OPTIONS=--enable-source-maps";

describe("an error names the user's line", () => {
  test.each([
    ["under tsx", ["--import", "tsx"]],
    ["under tsx with source maps", ["--import", "tsx", ...enable]],
  ])("%s", async (_, nodeOptions) => {
    const { thrownAt, calledAt } = await run(sources.main, nodeOptions);
    expect(thrownAt).toContain(thrown);
    expect(calledAt).toBe(called);
  });

  test.each([
    ["a bundle", {}],
    ["a minified bundle with the map in it", { minify: true, sourcemap: "inline" }],
    [
      "a bundle that holds Gloam",
      {
        external: [],
        banner: { js: `import { createRequire as cr } from "node:module"; const require = cr(import.meta.url);` },
      },
    ],
  ] as const)("in %s", async (name, options) => {
    const bundle = await compile(name.replaceAll(" ", "-"), options as BuildOptions);
    for (const report of [await run(bundle, []), await run(bundle, enable), await run(bundle, [], inEnvironment)]) {
      expect(report.thrownAt).toContain(thrown);
      expect(report.calledAt).toBe(called);
    }
  });

  test("in a bundle whose sources have names of the bundler's", async () => {
    const bundle = await compile("named", {});
    const map = JSON.parse(readFileSync(`${bundle}.map`, "utf8")) as { sources: string[] };
    map.sources = map.sources.map((source) => `webpack://app/src/${source.split("/").at(-1)}`);
    writeFileSync(`${bundle}.map`, JSON.stringify(map));
    const expected = place(sources.module, "throw new RangeError", "webpack://app/src/throwing-module.ts");
    expect((await run(bundle, [])).thrownAt).toContain(expected);
    expect((await run(bundle, enable)).thrownAt).toContain(expected);
    expect((await run(bundle, [], inEnvironment)).thrownAt).toContain(expected);
  });

  test("in modules that were compiled one by one", async () => {
    const module = join(directory, "throwing-module.mjs");
    await compile("throwing-module", { entryPoints: [sources.module], bundle: false, external: [] });
    const main = await compile("apart", { bundle: false, external: [] });
    writeFileSync(main, readFileSync(main, "utf8").replace("./throwing-module.ts", "./throwing-module.mjs"));
    // Executors import the other module themselves, as Node.js does: its map is read where maps are switched on.
    expect((await run(main, [])).thrownAt).toContain(place(module, "throw new RangeError"));
    for (const report of [await run(main, enable), await run(main, [], inEnvironment)]) {
      expect(report.thrownAt).toContain(thrown);
      expect(report.calledAt).toBe(called);
    }
  });

  test("in what tsc made of it, which writes one statement on two lines", async () => {
    writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
    const source = join(directory, "checked.ts");
    const program = readFileSync(sources.main, "utf8").replace(/^import .*throwing-module.*$/m, checkInOneLine);
    writeFileSync(source, program);
    const tsc = fileURLToPath(new URL("../../../node_modules/.bin/tsc", import.meta.url));
    const options = "--target es2022 --module nodenext --types node --sourceMap --outDir built".split(" ");
    execFileSync(tsc, [source, ...options], { cwd: directory });
    const built = join(directory, "built", "checked.js");
    expect(readFileSync(built, "utf8")).toMatch(/if \(id === 7\)\n +throw/);
    const column =
      program
        .split("\n")
        .find((line) => line.includes("id === 7"))
        ?.indexOf("new RangeError") ?? 0;
    for (const report of [await run(built, []), await run(built, enable), await run(built, [], inEnvironment)]) {
      expect(report.thrownAt).toBe(`${place(source, "new RangeError")}${column + 1}`);
      expect(report.calledAt).toBe(place(source, ".filter("));
    }
  });
});
