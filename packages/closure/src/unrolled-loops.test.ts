import fastCheck from "fast-check";
import { runInThisContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { splice } from "./lay-out.ts";
import { parseFunction } from "./parse-function.ts";
import { rewriteFunction } from "./rewrite-function.ts";

function rewritten(text: string): string {
  const parsed = parseFunction(text)!;
  return splice(parsed.program, rewriteFunction(parsed, "").pieces);
}

/** The outcome of a call: its value, or the error's message and the line of the function on which it came about. */
function outcome(text: string, parameters: readonly unknown[]): unknown {
  type Run = (...parameters: unknown[]) => unknown;
  const make = runInThisContext(`(($gq) => ${text})`, { filename: "probe" }) as (remainder: unknown) => Run;
  const remainder = (dividend: number, divisor: number): number => dividend % divisor;
  try {
    return { value: make(remainder)(...parameters) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { message, line: /probe:(\d+)/.exec(stack ?? "")?.[1] };
  }
}

test("turns are written out before the one of the source", () => {
  const turn = "{ s += a [ j ] ; } j ++; if (!(j < a . length)) break; ";
  expect(rewritten("(a, s) => { for (let j = 0; j < a.length; j++) s += a[j]; return s; }")).toBe(
    "(a, s) => { for (let j = 0; j < a.length; j++) " +
      `{ const $gu0 = s, $gu1 = j; try { ${turn.repeat(3)}} catch { s = $gu0; j = $gu1; } s += a[j]; } return s; }`,
  );
});

const nearest = `(point, centres) => {
  let best = 0
  let least = Infinity
  for (let c = 0; c < centres.length; c++) {
    const centre = centres[c]
    let distance = 0 // so far
    for (let j = 0; j < point.length; j++) {
      const difference = point[j] - centre[j] // one of them
      distance +=
        difference * difference
    }
    if (distance < least) {
      least = distance
      best = c
    }
  }
  return [best, least]
}`;

test("a variable that may have no value yet is not read", () => {
  const text = "(a) => { for (let j = 0; j < a.length; j++) if (a[j] > 9) last = j; let last = -1; return last; }";
  expect(rewritten(text)).toBe(text);
});

test("an object that is called Math may do anything", () => {
  const loop = "for (let j = 0; j < a.length; j++) s += Math.abs(a[j]);";
  expect(rewritten(`(a, s) => { ${loop} return s; }`)).toContain("$gu0");
  const other = `(a, s, Math) => { ${loop} return s; }`;
  expect(rewritten(other)).toBe(other);
});

describe("does what the source does", () => {
  const numbers = fastCheck.array(fastCheck.oneof(fastCheck.double(), fastCheck.constantFrom(undefined, 1n)), {
    maxLength: 14,
  });
  test("with any number of turns, and with errors on the same lines", () => {
    expect(rewritten(nearest)).not.toBe(nearest);
    const centres = fastCheck.array(fastCheck.oneof({ weight: 9, arbitrary: numbers }, fastCheck.constant(null)));
    fastCheck.assert(
      fastCheck.property(numbers, centres, (point, all) => {
        expect(outcome(rewritten(nearest), [point, all])).toEqual(outcome(nearest, [point, all]));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    "(a, n = 3) => { let s = 0; for (let j = 0; j < a.length; j++) { const n = a[j]; s += n; } return s; }",
    "(a) => { let s = 0; for (let j = a.length - 1; j >= 0; j -= 2) { let d = a[j]; if (d < 0) { d = -d; } s += d; } return s; }",
    "(a) => { let s = 0; for (let j = 0; j < a.length; j++) { j++; s += Math.abs(a[j] ?? 9); } return s; }",
    "(a) => { let s = 1; for (let j = 0; j < a.length; j++) s = s * a[j] % 7; return s; }",
    "(a) => { let s = 1; for (let j = 0; j < a.length; j++){s+=a[j]}s*31%7;return s }",
    "(a) => { let s = 1; if (a.length > 3) for (let j = 0; j < a.length; j++) s += j; else s = 5; return s; }",
    "(a) => { let s = 1; for (let j = 0, k = 0; j < (k = a.length); j++) s += k; return s; }",
    "(a) => { let s; for (let j = 0; j < a.length; j++) s = a[j].x; return s; }",
  ])("%s", (text) => {
    expect(rewritten(text)).not.toBe(text);
    for (let length = 0; length < 13; length++) {
      const parameters = [Array.from({ length }, (_, at) => 3 * at - 7)];
      expect(outcome(rewritten(text), parameters)).toEqual(outcome(text, parameters));
    }
  });
});

test.each([
  "(a) => { for (let j = 0; j < a.length; j++) f(a[j]); }",
  "(a) => { for (let j = 0; j < a.length; j++) a[j] += 1; }",
  "(a) => { for (let j = 0; j < a.length; j++) { if (a[j]) break; } }",
  "(a) => { for (let j = 0; j < a.length; j++) { if (a[j]) continue; s += 1; } }",
  "(a) => { for (let j = 0; j < a.length; j++) { if (a[j]) return; } }",
  "(a) => { for (let j = 0; j < a.length; j++) { var b = a[j]; } }",
  "(a, b) => { for (let j = 0; j < a.length; j++) b = () => j; }",
  "(a, b) => { for (let j = 0, f = () => j; j < a.length; j++) b += j; }",
  "(a, s) => { for (var j = 0; j < a.length; j++) s += a[j]; }",
  "(a, s) => { for (const x of a) s += x; }",
  "(a, s) => { for (let j = 0; j < a.length; a++) s += a[j]; }",
  "(a, s) => { for (let j = 0; next(j); j++) s += a[j]; }",
  "(a) => { for (let j = 0; j < a.length; j++) outside += a[j]; }",
  "async (a, s) => { for (let j = 0; j < a.length; j++) s += await a[j]; }",
  "(a, s) => { for (let j = 0; j < a.length; j++) { { let s = 1; s++; } s++; } }",
  "(a, s) => { for (let j = 0; j < a.length; j++) s += a[j]; return $gu; }",
  "(a, s) => { for (let j = 0; j < a.length; j++) s += Math.random(); }",
  "(a, s) => { for (let j = 0; j < a.length; j++) {} }",
  `(a, s) => { for (let j = 0; j < a.length; j++) s += ${Array.from({ length: 40 }, () => "a[j]").join(" + ")}; }`,
])("%s is left alone", (text) => {
  expect(rewritten(text)).toBe(text);
});
