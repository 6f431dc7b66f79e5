import { expect, test } from "vitest";
import { stripTypes, usesUsing } from "./strip-types.ts";

test("what Node refuses and decorators are left to a compiler, and no warning is shown", () => {
  const warned: unknown[] = [];
  const onWarning = (warning: Error): void => void warned.push(warning);
  process.on("warning", onWarning);
  const { emitWarning } = process as { readonly emitWarning: unknown };
  const strip = (source: string): string => {
    process.emitWarning("experimental");
    if (source.includes("enum")) throw new SyntaxError("enum");
    return source.replace(": number", "        ");
  };
  expect(stripTypes("let x: number = 1", strip)).toBe("let x         = 1");
  expect(stripTypes("enum E { A }", strip)).toBeUndefined();
  expect(stripTypes("@sealed\nclass A {}", strip)).toBeUndefined();
  expect((process as { readonly emitWarning: unknown }).emitWarning).toBe(emitWarning);
  process.off("warning", onWarning);
  expect(warned).toEqual([]);
});

test("explicit resource management is seen in code, not in texts and comments", () => {
  expect(usesUsing("await using gc = make();")).toBe(true);
  expect(usesUsing("// using x\nconst s = 'using y';")).toBe(false);
});
