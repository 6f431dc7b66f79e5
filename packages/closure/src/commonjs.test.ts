/** CommonJS programs, as Node.js runs them and as tsx makes them of TypeScript outside "type": "module". */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "gloam-commonjs-"));
symlinkSync(fileURLToPath(new URL("../../../node_modules", import.meta.url)), join(directory, "node_modules"));
afterAll(() => rmSync(directory, { recursive: true }));

const check = `
async function check(fn, ...parameters) {
  const captured = captureFunction(fn, { operation: "map", allowAsync: true });
  const [rebuilt] = (await loadFunctions([structuredClone(captured)])).instantiate();
  const modules = captured.modules.map((module) => module.replace(/.*[/]/, ""));
  return [await rebuilt(...parameters), ...modules];
}`;

const files = {
  "package.json": `{ "type": "commonjs" }`,
  "library.js": `
    const base = 7;
    module.exports = { add: (x) => x + base, Thing: class Thing { constructor(x) { this.x = x; } get() { return this.x; } } };`,
  "program.js": `
    const { captureFunction, loadFunctions } = require("@gloam/closure");
    const library = require("./library");
    const { add, Thing } = require("./library.js");
    const { join } = require("path");
    const acorn = require("acorn");
    const k = 3;
    const thing = new Thing(5);
    ${check}
    (async () => console.log(JSON.stringify([
      await check((x) => x * k, 2),
      await check((x) => library.add(x), 1),
      await check((x) => add(x), 1),
      await check(add, 1),
      await check((x) => new Thing(x).get(), 1),
      await check(() => [thing.get(), thing instanceof Thing]),
      await check((x) => join(x, "b"), "a"),
      await check(() => typeof acorn.parse),
      await check(() => require("./library").add(1)),
      await check(() => __filename.endsWith("program.js")),
    ])))();`,
  "module.ts": `
    const hidden: number = 2;
    export const words = (text: string): string[] => text.split(" ");
    export function useHidden(x: number): number { return x + hidden; }
    export default class Standard { v = 4; }`,
  "program.ts": `
    import { captureFunction, loadFunctions } from "@gloam/closure";
    import Standard, { useHidden, words } from "./module";
    import * as all from "./module";
    import fs from "node:fs";
    const k: number = 3;
    const standard = new Standard();
    ${check.replace("fn, ...parameters", "fn: any, ...parameters: unknown[]").replace("rebuilt(", "rebuilt!(")}
    (async () => console.log(JSON.stringify([
      await check((x: number) => x * k, 2),
      await check((text: string) => words(text), "a b"),
      await check(useHidden, 1),
      await check((x: number) => all.useHidden(x), 1),
      await check(() => new Standard().v),
      await check(() => standard instanceof Standard),
      await check(() => fs.existsSync("/")),
      await check(async () => (await import("./module")).useHidden(1)),
    ])))();`,
};
for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);

async function run(...parameters: string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd: directory });
  return JSON.parse(stdout);
}

test("a CommonJS program", async () => {
  expect(await run("program.js")).toEqual([
    [6],
    [8, "library.js"],
    [8, "library.js"],
    [8, "library.js"],
    [1, "library.js"],
    [[5, true], "library.js"],
    [join("a", "b"), "node:path"],
    ["function", "acorn"],
    [8, "library"],
    [true],
  ]);
});

test("a TypeScript program that tsx makes CommonJS of", async () => {
  expect(await run("--import", "tsx", "program.ts")).toEqual([
    [6],
    [["a", "b"], "module.ts"],
    [3, "module.ts"],
    [3, "module.ts"],
    [4, "module.ts"],
    [true, "module.ts"],
    [true, "node:fs"],
    [3, "module"],
  ]);
});
