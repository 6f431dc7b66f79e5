import type { Token } from "acorn";
import { expect, test } from "vitest";
import { acorn } from "./acorn.ts";
import { layOut, sameSyntax, type Piece } from "./lay-out.ts";

/** Pieces of a program, and where each would stand if every token had a line of its own. */
function laidOut(program: string, line: (index: number) => number): string {
  const semicolons = new Set<number>();
  const tokens: Token[] = [];
  const onInsertedSemicolon = (end: number) => void semicolons.add(end);
  acorn().parse(program, { ecmaVersion: "latest", onToken: tokens, onInsertedSemicolon });
  // The last one is the end of the program.
  const pieces = tokens.slice(0, -1).map(({ start, end, type }): Piece => {
    return { text: program.slice(start, end), start, end, verbatim: type.label === "template" };
  });
  const places = new Map(pieces.map(({ start }, index) => [start, { line: line(index), column: 0 }]));
  return layOut({ program, semicolons }, pieces, { line: 0, column: 0 }, (start) => places.get(start));
}

test("a line that was joined is broken again", () => {
  expect(laidOut("a=>{b();c()}", (index) => (index < 3 ? 0 : index < 7 ? 1 : 3))).toBe("a=>{\nb();\n\nc()}");
});

test("a line that was broken is joined again", () => {
  expect(laidOut("a => {\n  b();\n  c();\n}", () => 0)).toBe("a => { b(); c(); }");
});

test.each([
  ["return", "() => { return x }"],
  ["throw", "() => { throw x }"],
  ["an arrow", "(a) => b"],
  ["postfix operators", "() => { a++; b-- }"],
  ["async", "async (a) => async function () {}"],
  ["yield", "function* f() { yield a; yield* b }"],
  ["continue and break", "() => { l: for (;;) { if (a) continue l; else break l } }"],
  ["accessors", "({ get a() { return 1 }, set a(b) {}, async c() {}, static: 1 })"],
])("breaking lines leaves the meaning of %s alone", (_, program) => {
  const broken = laidOut(program, (index) => index);
  expect(broken).toContain("\n");
  expect(sameSyntax(`(${program})`, `(${broken})`)).toBe(true);
});

test("statements that rely on line ends keep them", () => {
  const program = "() => {\n  const a = {}\n  const f = function () {}\n  let b = 1\n  ++b\n}";
  expect(
    sameSyntax(
      program,
      laidOut(program, () => 0),
    ),
  ).toBe(true);
});

test("a statement that stands on a line of its own in the running code only does not shift the lines behind it", () => {
  const line = (index: number) => (index < 5 ? 0 : index < 12 ? 1 : 2);
  const laid = laidOut("(x) => {\n  if (x)\n    throw 1;\n  return 2;\n}", line);
  expect(laid).toBe("(x) => {\nif (x) throw 1;\nreturn 2; }");
});

test("template literals are not touched", () => {
  const program = "() => `a\n  ${ b }\n c`";
  expect(laidOut(program, () => 0)).toBe("() => `a\n  ${ b }\n c`");
});
