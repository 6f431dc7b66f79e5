import type { StageModules } from "@gloam/scheduler";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UserModules } from "./user-modules.ts";

let directory: string;
beforeEach(() => void (directory = realpathSync(mkdtempSync(join(tmpdir(), "gloam-modules-")))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const url = (name: string): string => pathToFileURL(join(directory, name)).href;

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function gather(modules: UserModules, ...names: readonly string[]): StageModules | undefined {
  return modules.gather([{ modules: names.map(url) }]);
}

/** What is gathered for one of the files, by the names of files: texts, with paths as they stand there. */
function textsOf(...names: readonly string[]): Record<string, string> {
  const gathered = gather(new UserModules(), ...names);
  const texts = new Map(gathered?.modules.map(({ path, source }) => [path, Buffer.from(source).toString()]));
  const named = (text: string): string =>
    (gathered?.names ?? []).reduce((rest, each) => rest.replaceAll(each.path, each.url.slice(url("/").length)), text);
  return Object.fromEntries(
    (gathered?.names ?? []).map((each) => [each.url.slice(url("/").length), named(texts.get(each.path) ?? "")]),
  );
}

test("functions that import nothing of the user's need nothing", () => {
  write({ "node_modules/a/index.js": "" });
  expect(
    new UserModules().gather([{ modules: ["node:fs", "left-pad", url("gone.mjs"), url("node_modules/a/index.js")] }]),
  ).toBeUndefined();
});

test("modules name each other by where they lie, and themselves by where the user has them", () => {
  write({
    "a.mjs": `import { b } from "./lib/b.mjs"; import "left-pad"; import "node:fs";\nexport default [b, import.meta.url];`,
    "lib/b.mjs": `import a from "../a.mjs"; export const b = () => a;`,
  });
  const { "a.mjs": a, "lib/b.mjs": b } = textsOf("a.mjs");
  expect(a).toContain(
    `import { b } from "../lib/b.mjs"; import "left-pad"; import "node:fs";\nexport default [b, $gloam_meta().url];\n`,
  );
  expect(a).toContain(`url: "${url("a.mjs")}"`);
  expect(a?.endsWith(`\n//# sourceURL=${url("a.mjs")}`)).toBe(true);
  expect(b).toContain(`import a from "../a.mjs"; export const b = () => a;`);
});

test("packages are named, with where they are looked up", () => {
  write({ "lib/a.mjs": `import "left-pad/x"; import "@scope/name"; import "fs"; import("other");` });
  expect(gather(new UserModules(), "lib/a.mjs")?.modules).toMatchObject([
    { home: join(directory, "lib"), packages: ["left-pad", "@scope/name", "other"] },
  ]);
});

test("files that executors don't get are found where the user has them", () => {
  write({ "a.cjs": `require("./addon.node"); module.exports = () => require("./maybe");`, "addon.node": "" });
  expect(textsOf("a.cjs")["a.cjs"]).toContain(
    `require("${join(directory, "addon.node")}"); module.exports = () => require("${join(directory, "maybe")}");`,
  );
});

describe("a name means what Node.js, tsx and vite make of it", () => {
  const found = (name: string, files: Readonly<Record<string, string>>, by = "import"): string[] => {
    write({
      "src/a.ts": by === "import" ? `import ${JSON.stringify(name)};` : `require(${JSON.stringify(name)});`,
      ...files,
    });
    return Object.keys(textsOf("src/a.ts")).filter((each) => each !== "src/a.ts");
  };

  test.each([
    ["./b.js", "src/b.ts"],
    ["./b.mjs", "src/b.mts"],
    ["./b", "src/b.ts"],
    ["./b", "src/b/index.js"],
    ["./b.js", "src/b.js"],
    ["./b%20c.js", "src/b%20c.js"],
    ["../b.json", "b.json"],
  ])("%s is %s", (name, file) => {
    expect(found(name, { [decodeURI(file)]: file.endsWith(".json") ? "{}" : "" })).toEqual([file]);
  });

  test("a name of the package's own", () => {
    const manifest = { name: "mine", imports: { "#b": "./src/b.ts" }, exports: { "./c": { import: "./src/c.ts" } } };
    const files = { "package.json": JSON.stringify(manifest), "src/b.ts": "", "src/c.ts": "" };
    expect(found("#b", files)).toEqual(["src/b.ts"]);
    expect(found("mine/c", files)).toEqual(["src/c.ts"]);
  });

  test("a name of tsconfig.json, also one that is extended", () => {
    const base = `{ "compilerOptions": { "paths": { "~/*": ["./src/*"], }, /* "x" */ } }`;
    expect(found("~/b", { "base.json": base, "tsconfig.json": `{ "extends": "./base" }`, "src/b.ts": "" })).toEqual([
      "src/b.ts",
    ]);
  });

  test("a package of the workspace, and not one that is installed", () => {
    write({ "packages/b/package.json": `{ "name": "b", "exports": "./b.ts" }`, "packages/b/b.ts": "" });
    write({ "node_modules/c/package.json": `{ "name": "c" }`, "node_modules/c/index.js": "" });
    symlinkSync(join(directory, "packages/b"), join(directory, "node_modules/b"));
    expect(found("b", {})).toEqual(["packages/b/b.ts"]);
    expect(found("c", {})).toEqual([]);
  });
});

test("TypeScript becomes JavaScript, and JSON a module", () => {
  write({
    "a.ts": `import type { Gone } from "./gone";\nimport data from "./data.json" with { type: "json" };\nexport enum A { b }\nexport const c: Gone = data;`,
    "data.json": `{ "x": 1, "default": 2, "not a name": 3 }`,
  });
  const gathered = gather(new UserModules(), "a.ts");
  expect(gathered?.isMapped).toBe(true);
  const texts = textsOf("a.ts");
  expect(texts["a.ts"]).toMatch(/import data from "\.\.\/data\.json";\s/);
  expect(texts["a.ts"]).toContain("sourceMappingURL=data:");
  expect(texts["data.json"]).toContain(`export { v0 as "x", v1 as "not a name" };`);
});

test("what is CommonJS stays so", () => {
  write({
    "package.json": `{ "type": "module" }`,
    "a.cjs": `"use strict"; exports.b = require("./b.cts").b; exports.data = require("./d.json"); exports.d = __dirname;`,
    "b.cts": `export const b: number = 1;`,
    "d.json": "[1]",
  });
  const gathered = gather(new UserModules(), "a.cjs");
  expect(gathered?.modules.map(({ path }) => path.replace(/.*\./, "")).sort()).toEqual(["cjs", "cjs", "json", "mjs"]);
  expect(textsOf("a.cjs")["a.cjs"]).toContain(`exports.d = ${JSON.stringify(directory)};`);
  expect(textsOf("a.cjs")["b.cts"]).toContain("module.exports = ");
});

describe("a file that changes", () => {
  const change = (name: string, text: string): void => {
    write({ [name]: text });
    utimesSync(join(directory, name), new Date(), new Date(Date.now() + 5000));
  };
  const pathsOf = (gathered: StageModules | undefined) =>
    Object.fromEntries(gathered?.names.map(({ url: name, path }) => [name.slice(url("/").length), path]) ?? []);

  test("is another module, and so is all that imports it; the rest is as it was", () => {
    write({ "a.mjs": `import "./b.mjs"; import "./c.mjs";`, "b.mjs": "export const b = 1;", "c.mjs": "" });
    const modules = new UserModules();
    const first = gather(modules, "a.mjs");
    expect(gather(modules, "a.mjs")).toBe(first);
    const before = pathsOf(first);
    change("b.mjs", "export const b = 2;");
    const after = pathsOf(gather(modules, "a.mjs"));
    expect(after["c.mjs"]).toBe(before["c.mjs"]);
    expect(after["a.mjs"]).not.toBe(before["a.mjs"]);
    expect(after["b.mjs"]).not.toBe(before["b.mjs"]);
    change("b.mjs", "export const b = 1;");
    expect(pathsOf(gather(modules, "a.mjs"))).toEqual(before);
  });

  test("is as it was when it is gone", () => {
    write({ "a.mjs": `import "./b.mjs";`, "b.mjs": "" });
    const modules = new UserModules();
    const first = gather(modules, "a.mjs");
    rmSync(directory, { recursive: true });
    expect(gather(modules, "a.mjs")).toBe(first);
  });
});

describe("what is wrong is said with file and line", () => {
  test.each([
    ["JavaScript", "a.mjs", "export const a = 1;\nexport const = 2;", ":2:14: "],
    ["TypeScript", "a.ts", "export const a = 1;\nexport const b: = 2;", ":2:17: "],
    ["JSON", "a.json", "{ x }", ": "],
    ["a missing module", "a.mjs", `\n import "./gone.mjs";`, ":2:9 imports './gone.mjs', which is not there"],
    ["one of TypeScript", "a.ts", `enum B { c }\nimport "./gone.js";`, ":2:8 imports './gone.js', which is not there"],
  ])("%s", (_what, name, text, place) => {
    write({ [name]: text });
    expect(() => gather(new UserModules(), name)).toThrow(
      expect.objectContaining({
        code: "GLOAM_MODULE_NOT_LOADED",
        message: expect.stringContaining(`${join(directory, name)}${place}`) as string,
      }),
    );
  });

  test("a module that is too large", () => {
    write({ "a.json": JSON.stringify("x".repeat(2 ** 25)) });
    expect(() => gather(new UserModules(), "a.json")).toThrow(
      /a\.json has \d+ bytes, and executors take modules of 33554432/,
    );
  });
});

describe("what was compiled before", () => {
  const { sourceMapsEnabled } = process;
  afterEach(() => process.setSourceMapsEnabled(sourceMapsEnabled));

  test("has its source map with it, where the driver uses source maps", () => {
    const map = { version: 3, sources: ["../src/a.ts"], sourcesContent: ["long"], mappings: "AAAA", names: [] };
    write({
      "dist/a.mjs": `import "./b.mjs";\n//# sourceMappingURL=a.mjs.map`,
      "dist/a.mjs.map": JSON.stringify(map),
      "dist/b.mjs": `export {};\n//# sourceMappingURL=gone.map`,
    });
    process.setSourceMapsEnabled(false);
    expect(gather(new UserModules(), "dist/a.mjs")?.isMapped).toBe(false);
    process.setSourceMapsEnabled(true);
    expect(gather(new UserModules(), "dist/a.mjs")?.isMapped).toBe(true);
    const { "dist/a.mjs": a, "dist/b.mjs": b } = textsOf("dist/a.mjs");
    const [code, data = ""] = (a ?? "").split("//# sourceMappingURL=data:application/json;base64,");
    expect(code).toBe(`import "../dist/b.mjs";\n`);
    expect(JSON.parse(Buffer.from(data, "base64").toString())).toEqual({
      ...{ version: 3, mappings: "AAAA", names: [] },
      sources: [url("src/a.ts")],
    });
    expect(b?.endsWith(`\n//# sourceURL=${url("dist/b.mjs")}`)).toBe(true);
  });
});
