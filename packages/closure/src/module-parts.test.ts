import { describe, expect, test } from "vitest";
import { modulePartsOf } from "./module-parts.ts";

/** The parts of a module as they stand in its text, with their kinds. */
function parts(text: string, format: "module" | "commonjs" = "module"): string[] {
  return modulePartsOf(text, format).map((part) => `${part.kind} ${text.slice(part.start, part.end)}`);
}

describe("an ES module", () => {
  test("names others in declarations and imports", () => {
    expect(
      parts(`
        import a, { b as c } from "./a.mjs";
        import "./b.mjs";
        export * from './c.mjs';
        export { d } from "./d.mjs";
        const e = await import("./e.mjs"), f = import(\`./f.mjs\`), g = (name) => import("./" + name);
        export const h = "import('./h.mjs')"; // import("./i.mjs")
      `),
    ).toEqual([
      'module "./a.mjs"',
      'module "./b.mjs"',
      "module './c.mjs'",
      'module "./d.mjs"',
      'module "./e.mjs"',
      "module `./f.mjs`",
      'computed "./" + name',
    ]);
  });

  test("says of what type a module is", () => {
    const text = `import a from "./a.json" with { type: "json" };\nawait import("./b.json", { with: { type: "json" } });`;
    const ends = modulePartsOf(text, "module").map(
      (part) => "attributesEnd" in part && text.slice(part.end, part.attributesEnd),
    );
    expect(ends).toEqual([` with { type: "json" };`, `, { with: { type: "json" } }`]);
  });

  test("says where it is", () => {
    expect(parts("export const here = import.meta.url, { dirname } = import.meta;")).toEqual([
      "meta import.meta",
      "meta import.meta",
    ]);
    expect(parts("class A { meta = new.target; }; export const b = { import: { meta: 1 } };")).toEqual([]);
  });

  test("requires with what it has made for that", () => {
    const text = `
      import { createRequire } from "node:module";
      const load = createRequire(import.meta.url);
      load("./a.cjs"); require("./b.cjs"); other("./c.cjs");
    `;
    expect(parts(text)).toEqual(['module "node:module"', 'module "./a.cjs"']);
  });
});

describe("a CommonJS module", () => {
  test("requires others, unless that is a name of its own", () => {
    expect(parts(`const a = require("./a"), { b } = require('./b').c; require(name);`, "commonjs")).toEqual([
      'module "./a"',
      "module './b'",
    ]);
    expect(parts(`(function (require) { return require("./a"); })(load);`, "commonjs")).toEqual([]);
    expect(parts(`object.require("./a");`, "commonjs")).toEqual([]);
  });

  test("says where it is", () => {
    expect(
      parts("exports.a = [__filename, __dirname, { __filename, __dirname: 1 }, b.__dirname];", "commonjs"),
    ).toEqual(["name __filename", "name __dirname", "name __filename"]);
    expect(parts("const __dirname = 1; exports.a = __dirname;", "commonjs")).toEqual([]);
  });

  test("may return, and begin with the name of an interpreter", () => {
    expect(parts(`#!/usr/bin/env node\nif (done) return;\nrequire("./a");`, "commonjs")).toEqual(['module "./a"']);
  });
});

test("what is no JavaScript is an error with its place", () => {
  expect(() => modulePartsOf("export const a = 1;\nexport const = 2;", "module")).toThrow(
    expect.objectContaining({ name: "SyntaxError", loc: { line: 2, column: 13 } }),
  );
});

test("an expression of a hundred thousand terms", () => {
  expect(parts(`export const a = ${"1 + ".repeat(2000)}import("./a.mjs");`)).toEqual(['module "./a.mjs"']);
});
