import { describe, expect, test } from "vitest";
import { parseFunction } from "./parse-function.ts";

const freeNames = (text: string): string[] => [...(parseFunction(text)?.surroundings.free ?? ["does not parse"])];

describe("free names", () => {
  test.each([
    ["x => x + k", ["k"]],
    ["(x, { a, b: [c = d] }, ...e) => x + a + c + e + f", ["d", "f"]],
    ["(a = b) => { var b = a; return b }", ["b"]],
    ["() => { f(); function f() { return g } }", ["g"]],
    ["() => { { let a = 1; } return a }", ["a"]],
    ["() => { { var a = 1; } return a }", []],
    ["() => { for (const i of list) i; return i }", ["list", "i"]],
    ["() => { for (let i = 0; i < n; i++) i }", ["n"]],
    ["() => { for (key in object) key }", ["key", "object"]],
    ["() => { try { a } catch ({ message }) { message; b } }", ["a", "b"]],
    ["() => { try { a } catch { message } }", ["a", "message"]],
    ["() => { switch (a) { case b: let c = 1; default: c } }", ["a", "b"]],
    ["() => { label: for (;;) { break label } }", []],
    ["() => ({ a: b, [c]: d, e, f() { return g } })", ["b", "c", "d", "e", "g"]],
    ["() => a.b.c?.[d]", ["a", "d"]],
    ["() => class A extends B { static x = y; [z] = 1; m() { return A } }", ["B", "y", "z"]],
    ["class A extends B { static x = y; static { w } [z]() { return A + v } #p = u }", ["z", "v", "u"]],
    ["function f() { return f + arguments.length }", []],
    ["method(x) { return x + k }", ["k"]],
    ["get value() { return k }", ["k"]],
    ["async *[computed]() { yield k }", ["k"]],
    ["#secret() { return k }", ["k"]],
    ["() => `a ${b} ${`${c}`}`", ["b", "c"]],
    ["() => tag`a ${b}`", ["tag", "b"]],
    ["() => typeof undeclared", ["undeclared"]],
    ["() => { a = 1; b.c = 2; [d, e.f] = g; h++ }", ["a", "b", "d", "e", "g", "h"]],
    ["async () => { for await (const a of b) await c(a) }", ["b", "c"]],
    ["function () { return new.target }", []],
    ["() => import.meta.url + import('x')", []],
    ["function () { with (a) { b } }", ["a", "b"]],
  ])("%s", (text, names) => {
    expect(freeNames(text)).toEqual(names);
  });

  test("assigned ones are told apart", () => {
    const parsed = parseFunction("() => { a = 1; b.c = 2; [d, { e: f } = {}] = g; h++; for (i of j); let k; k = 1 }");
    expect([...(parsed?.surroundings.assigned ?? [])]).toEqual(["a", "d", "f", "h", "i"]);
  });

  test.each([
    ["() => this.x", "this"],
    ["() => () => arguments", "arguments"],
    ["() => super.x", "super"],
    ["() => function () { return this }", undefined],
    ["() => class { x = this.y }", undefined],
    ["function () { return () => this }", undefined],
  ])("%s uses %s of what surrounds it", (text, lexical) => {
    expect(parseFunction(text)?.surroundings.lexical).toBe(lexical);
  });

  test.each([
    ["method() { return this.x }", { ownThis: true, superUse: false }],
    ["method() { return () => super.x }", { ownThis: false, superUse: true }],
    ["method() { return { other() { return super.x + this.y } } }", { ownThis: false, superUse: false }],
    ["function () { return this }", { ownThis: true, superUse: false }],
  ])("%s", (text, expected) => {
    expect(parseFunction(text)?.surroundings).toMatchObject(expected);
  });

  test("only sloppy code is told apart", () => {
    expect(parseFunction("function () { return 010 }")?.strict).toBe(false);
    expect(parseFunction("function () { return 10 }")?.strict).toBe(true);
    expect(parseFunction("function max() { [native code] }")).toBeUndefined();
  });
});
