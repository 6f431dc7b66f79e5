/** Functions of modules that look alike or are not what stands in their files; who hands them on may be on the stack or not. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";

const directory = mkdtempSync(join(tmpdir(), "gloam-twins-"));
symlinkSync(fileURLToPath(new URL("../../../node_modules", import.meta.url)), join(directory, "node_modules"));
afterAll(() => rmSync(directory, { recursive: true }));

const twin = `
import { k } from "./k.mjs";
export const times = (x) => x * k;
export const hand = (take) => take((x) => x + k);
export const handOn = async (take, fn) => { await null; return take(fn); };
`;

test("each means the names of its own module", async () => {
  for (const [name, k] of [
    ["first", 10],
    ["second", 100],
  ] as const) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, "k.mjs"), `export const k = ${k};`);
    writeFileSync(join(directory, name, "twin.mjs"), twin);
  }
  writeFileSync(
    join(directory, "program.mjs"),
    `import { captureFunction, loadFunctions } from "@gloam/closure";
     import * as first from "./first/twin.mjs";
     import * as second from "./second/twin.mjs";
     const take = async (fn) => {
       const captured = captureFunction(fn, { operation: "map" });
       return (await loadFunctions([structuredClone(captured)])).instantiate()[0](1);
     };
     console.log(JSON.stringify([
       await take(first.times),
       await take(second.times),
       await first.hand(take),
       await second.hand(take),
       await second.handOn(take, first.times),
       await first.handOn(take, second.times),
     ]));`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [join(directory, "program.mjs")]);
  expect(JSON.parse(stdout)).toEqual([10, 100, 11, 101, 10, 100]);
});

test("a module that a loader changed is as it runs", async () => {
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  write("written.mjs", "export const k = 1000;");
  write("loaded.mjs", "export const k = 10;");
  write("changed.mjs", 'import { k } from "./written.mjs";\nexport const hand = (take) => take((x) => x + k);');
  write(
    "hooks.mjs",
    `export async function load(url, context, next) {
       const loaded = await next(url, context);
       if (!url.endsWith("changed.mjs")) return loaded;
       return { ...loaded, source: String(loaded.source).replace("written", "loaded") };
     }`,
  );
  write("register.mjs", 'import { register } from "node:module";\nregister("./hooks.mjs", import.meta.url);');
  write(
    "program-with-hooks.mjs",
    `import { captureFunction, loadFunctions } from "@gloam/closure";
     import { hand } from "./changed.mjs";
     const captured = hand((fn) => captureFunction(fn, { operation: "map" }));
     console.log((await loadFunctions([structuredClone(captured)])).instantiate()[0](1));`,
  );
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "./register.mjs", "program-with-hooks.mjs"],
    { cwd: directory },
  );
  expect(stdout).toBe("11\n");
});
