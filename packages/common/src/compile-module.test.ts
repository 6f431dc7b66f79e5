import { createRequire } from "node:module";
import { Script } from "node:vm";
import { expect, test } from "vitest";
import { compileModule } from "./compile-module.ts";

const tsx = createRequire(import.meta.url).resolve("tsx");

test.each([
  ["/app/a.ts", "enum Kind { one = 1 }; console.log(Kind.one as number)"],
  ["/app/a.cts", "const x: number = 1"],
  ["/app/a.mts", "const x: number = 1"],
  ["/app/a.tsx", "const x: unknown = <a/>"],
  ["/app/a.jsx", "const x = <a/>"],
  ["/app/a.js", "const x = 1"],
])("%s", (path, source) => {
  const code = compileModule(source, path, tsx);
  const [script = "", map = ""] = code.split("//# sourceMappingURL=data:application/json;base64,");
  expect(() => new Script(script)).not.toThrow();
  const { sources, sourcesContent } = JSON.parse(Buffer.from(map, "base64").toString()) as Record<string, unknown>;
  expect([sources, sourcesContent]).toEqual([[path], undefined]);
});

test("what is wrong is told with its place, and options are the compiler's", () => {
  const wrong = (): string => compileModule("\n  let = ;", "/app/a.ts", tsx, { logLevel: "silent" });
  expect(wrong).toThrow(/a\.ts:2:/);
  expect(compileModule("export const x = 1", "/app/a.ts", tsx, { format: "cjs" })).toContain("module.exports");
});
