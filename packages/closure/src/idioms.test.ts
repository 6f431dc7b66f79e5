import { describe, expect, test } from "vitest";
import { parseFunction } from "./parse-function.ts";

function idioms(text: string): string[] {
  return parseFunction(text)!.idioms.map((idiom) => idiom.text);
}

describe("idioms", () => {
  test("are found wherever they stand, and as long as before", () => {
    expect(idioms('(l) => l.split(",").map(Number)')).toEqual(['$gloam_num(l,",",Number)']);
    expect('$gloam_num(l,",",Number)'.length).toBe('l.split(",").map(Number)'.length);
    expect(idioms('(l) => { const [a] = l.text.split(" "); return a; }')).toEqual(['$gcut(l.text," ")']);
    expect('$gcut(l.text," ")'.length).toBe('l.text.split(" ")'.length);
    expect(idioms('(l) => [l.split(",").map(parseFloat), l.split(";")]')).toEqual([
      '$gloam_num(l,",",parseFloat)',
      '$gcut(l,";")',
    ]);
    expect(idioms('(l) => l.split(",").map((x) => +x)')).toEqual(['$gloam_num(l,",",(x) => +x,0)']);
    expect(idioms('(l) => l.split(",").map((x) => Number(x))')).toEqual(['$gloam_num(l,",",(x) => Number(x),Number)']);
    expect(idioms('(l) => l.split(",").map((x) => x * 2)')).toEqual(['$gm($gcut(l,","),']);
  });

  test("of a mapped array leave its function where it is", () => {
    const text = "(a, b) => a.map((value, at) => value + b[at])";
    const [idiom] = parseFunction(text)!.idioms;
    expect(idiom!.text).toBe("$gm(a,");
    expect(idiom!.end - idiom!.start).toBe("$gm(a,".length);
    expect(idioms("(l) => l.map((x) => x.map((y) => y.z.split(',')))")).toEqual(["$gm(l,", "$gm(x,", "$gcut(y.z,',')"]);
    expect(idioms("(l) => l.split(',').map((x) => x.trim())")).toEqual(["$gm($gcut(l,','),"]);
  });

  test.each([
    "(l) => l.map(f)",
    "(l) => l.map((x) => x, this)",
    "(l) => l.map(((x) => x))",
    "(l) => l?.map((x) => x)",
    "(l) => l?.list.map((x) => x)",
    '(l) => l.a?.b.split(",")',
    '(l) => l?.a.split(",").map(Number)',
    '(l) => { return(l).split(","); }',
    "(l) => typeof(l).map((x) => x)",
    "(l) => f(l).map((x) => x)",
    "(l) => import.meta.list.map((x) => x)",
    "(l) => l.map(function (x) { return x; })",
    "(l) => l.split(/,/)",
    '(l) => l.split("")',
    '(l) => l.split(", ")',
    '(l) => l.split(",", 2)',
    '(l) => l?.split(",")',
    '(l) => l.split?.(",")',
    '(l) => l["split"](",")',
    '(l) => f(l).split(",")',
    "(l) => l.split(by)",
    '(l) => $gcut(l) + l.split(",")',
  ])("%s is none", (text) => {
    expect(idioms(text)).toEqual([]);
  });

  test.each([
    '(l) => l.split(",").map(async (x) => +x)',
    '(l) => l.split(",").map((x, i) => +x)',
    '(l) => l.split(",").map((x) => -x)',
    '(l) => l.split(",").map((x) => Number(y))',
    '(l) => l.split(",").map((Number) => Number(Number))',
  ])("%s is no conversion", (text) => {
    expect(idioms(text)).toEqual(['$gm($gcut(l,","),']);
  });

  test.each([
    '(l) => l.split(",").map(parseInt)',
    '(l) => l.split(",").map(Number, this)',
    '(l) => l.split(",").flatMap(Number)',
  ])("%s has no conversion", (text) => {
    expect(idioms(text)).toEqual(['$gcut(l,",")']);
  });
});
