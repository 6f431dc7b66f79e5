import { expect, test } from "vitest";
import { packageTarget } from "./package-target.ts";

const conditions = new Set(["node", "import"]);
const target = (field: unknown, name: string): string | undefined => packageTarget(field, name, conditions);

test("exports of one module", () => {
  expect(target("./a.js", ".")).toBe("./a.js");
  expect(target({ require: "./a.cjs", import: "./a.mjs" }, ".")).toBe("./a.mjs");
  expect(target({ browser: "./b.js", default: "./a.js" }, ".")).toBe("./a.js");
  expect(target({ node: { require: "./a.cjs" }, default: "./a.js" }, ".")).toBe("./a.js");
  expect(target(["./a.js"], ".")).toBe("./a.js");
  expect(target("./a.js", "./b")).toBeUndefined();
});

test("exports of several modules", () => {
  const exports = {
    ".": "./a.js",
    "./b": { import: "./b.mjs" },
    "./c/*": "./c/*.js",
    "./c/d/*": "./d/*/index.js",
    "./e": null,
  };
  expect(target(exports, ".")).toBe("./a.js");
  expect(target(exports, "./b")).toBe("./b.mjs");
  expect(target(exports, "./c/x/y")).toBe("./c/x/y.js");
  expect(target(exports, "./c/d/x")).toBe("./d/x/index.js");
  expect(target(exports, "./e")).toBeUndefined();
  expect(target(exports, "./f")).toBeUndefined();
});

test("imports", () => {
  const imports = { "#a": "./a.js", "#b/*": { require: "./c/*.js", default: "left-pad" } };
  expect(target(imports, "#a")).toBe("./a.js");
  expect(target(imports, "#b/x")).toBe("left-pad");
  expect(target(undefined, "#a")).toBeUndefined();
});
