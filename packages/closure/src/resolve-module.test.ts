import { expect, test } from "vitest";
import { fileUrl, isMainProgram, setMainProgram } from "./main-program.ts";
import { moduleReference } from "./resolve-module.ts";

const importer = new URL("../fixtures/importer.ts", import.meta.url).href;
const library = new URL("../fixtures/library.ts", import.meta.url).href;
const reference = (specifier: string, style: "esm" | "vite" = "esm") =>
  moduleReference({ specifier, path: [], style }, importer, false);

test.each([
  ["./library.ts", library, ""],
  ["./library.js", library, ""],
  ["./library", library, ""],
  ["./absent.js", new URL("../fixtures/absent.js", import.meta.url).href, ""],
  [library, library, ""],
  ["fs", "node:fs", ""],
  ["node:fs/promises", "node:fs/promises", ""],
  ["left-pad/lib", "left-pad/lib", importer],
  ["#internal", "#internal", importer],
])("%s is %s", (specifier, expected, base) => {
  expect(reference(specifier)).toEqual({ specifier: expected, base, interop: "namespace" });
});

test("vite's names are paths from its root, absolute paths and URLs", () => {
  const path = new URL("../fixtures/library.ts", import.meta.url).pathname;
  for (const id of ["/packages/closure/fixtures/library.ts", `/@fs${path}`, `${path}?v=1`, library]) {
    expect(reference(id, "vite").specifier).toBe(library);
  }
});

test("the main program is the test file until a host says otherwise", () => {
  expect(isMainProgram(import.meta.url)).toBe(true);
  expect(isMainProgram(library)).toBe(false);
  setMainProgram("/somewhere/etl.ts");
  expect(isMainProgram(fileUrl("/somewhere/etl.ts?x=1"))).toBe(false);
  expect(isMainProgram("file:///somewhere/etl.ts")).toBe(true);
});
