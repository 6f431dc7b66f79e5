/** CommonJS packages that esbuild put into the program's bundle: they travel by value, as the rest of the bundle does. */
import { build } from "esbuild";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundledPackage } from "./bundled-package.ts";

const directory = mkdtempSync(join(tmpdir(), "gloam-bundled-packages-"));
afterAll(() => rmSync(directory, { recursive: true }));

const packages = {
  // A function with members and inner state, as dayjs is one.
  counter: `
    const { types } = require("util");
    const names = { en: ["zero", "one"] };
    function Count(n) { this.n = n; }
    Count.prototype.name = function () { return names[counter.language][this.n]; };
    function counter(n) { return new Count(n); }
    counter.language = "en";
    counter.isCount = (value) => value instanceof Count;
    counter.isDate = types.isDate;
    module.exports = counter;`,
  // One that keeps what cannot travel, as lodash does.
  "@scope/keeper": `
    const kept = new WeakMap();
    module.exports = function keep(value) { kept.set(value, true); return kept.has(value); };`,
};

const program = `
  import { captureFunction, loadFunctions } from "@gloam/closure";
  import counter from "counter";
  import keep from "@scope/keeper";
  const run = async (fn, ...parameters) => {
    const [rebuilt] = (await loadFunctions([captureFunction(fn, { operation: "map" })])).instantiate();
    return rebuilt(...parameters);
  };
  const failed = ({ message, hint }) => ({ message, hint });
  console.log(JSON.stringify([
    await run((n) => [counter(n).name(), counter.isCount(counter(n)), counter.isDate(n)], 1),
    await run((value) => keep(value), {}).catch(failed),
  ]));`;

beforeAll(() => {
  for (const [name, text] of Object.entries(packages)) {
    const file = join(directory, "node_modules", name, "index.js");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const closure = fileURLToPath(new URL("..", import.meta.url));
  mkdirSync(join(directory, "node_modules", "@gloam"));
  symlinkSync(closure, join(directory, "node_modules", "@gloam", "closure"));
  writeFileSync(join(directory, "program.js"), program);
});

async function runBundle(outfile: string, minify: boolean): Promise<[unknown, { message: string; hint: string }]> {
  await build({
    absWorkingDir: directory,
    entryPoints: ["program.js"],
    outfile: join(directory, outfile),
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["@gloam/closure"],
    banner: { js: `import { createRequire as cr } from "node:module"; const require = cr(import.meta.url);` },
    minify,
  });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { cwd: directory });
  return JSON.parse(stdout) as [unknown, { message: string; hint: string }];
}

test("a package whose value is a function travels", async () => {
  const [counted, kept] = await runBundle("bundle.mjs", false);
  expect(counted).toEqual(["one", true, false]);
  expect(kept.message).toMatch(/captures 'import_keeper' \(bundle\.mjs:\d+, the bundled package @scope\/keeper\)/);
  expect(kept.message).toContain("captures 'kept'");
  expect(kept.hint).toBe(
    "leave @scope/keeper out of the bundle, for executors to import: esbuild --packages=external, or --external:@scope/keeper",
  );
});

test("in a minified bundle too", async () => {
  const [counted, kept] = await runBundle("minified.mjs", true);
  expect(counted).toEqual(["one", true, false]);
  expect(kept.message).toContain("which is a WeakMap");
});

test.each([
  ["import_a", "a"],
  ["import_b$", "b"],
  ["import_own", undefined],
  ["other", undefined],
])("the package of %s is %s", (variable, name) => {
  const source = `
    var require_a = __commonJS({
      "../node_modules/z/node_modules/a/lib/index.js"(exports, module) {}
    });
    var require_b$2 = __commonJS({ "node_modules/b/b.js"(exports) {} });
    var require_own = __commonJS({ "src/own.cjs"(exports) {} });
    var import_a = __toESM(require_a(), 1), import_b$ = __toESM(require_b$2());
    var import_own = __toESM(require_own());
    var other = require_a();`;
  expect(bundledPackage(source, variable)).toBe(name);
});
