import { describe, expect, test } from "vitest";
import { layoutOf } from "../read/layout.ts";
import { rowsOf } from "../read/rows-of.ts";
import { BuilderCode } from "./appender.ts";
import { createBatchBuilder, type BatchBuilder } from "./batch-builder.ts";

function layoutFor(...rows: unknown[]): string {
  const builder = createBatchBuilder();
  for (const row of rows) expect(builder.append(row)).toBe(true);
  const batch = builder.finish();
  expect(rowsOf(batch)).toEqual(rows);
  return layoutOf(batch);
}

describe("types of columns", () => {
  test.each<[string, unknown[]]>([
    ["int32", [1, 2, -5]],
    ["float64", [1, 1.5]],
    ["float64", [1, -0]],
    ["float64", [1, 2 ** 31]],
    ["int64", [1n, -(2n ** 63n)]],
    ["any", [2n ** 63n]],
    ["ascii", ["a", ""]],
    ["utf8", ["a", "ä"]],
    ["any", ["a", "\ud800"]],
    ["boolean", [true, false]],
    ["timestamp", [new Date(0), new Date(-1)]],
    ["any", [new Date(Number.NaN)]],
    ["binary", [new Uint8Array([1])]],
    ["any", [Buffer.from([1])]],
    ["null", [null, null]],
    ["null!", [undefined, null]],
    ["int32?", [null, 1]],
    ["int32?", [1, null]],
    ["ascii?!", ["a", undefined]],
    ["any", [1, "a"]],
    ["any", [new Map()]],
    ["any", [{}]],
  ])("%s", (layout, rows) => {
    expect(layoutFor(...rows)).toBe(layout);
  });

  test.each<[string, unknown[]]>([
    [
      "(ascii,int32,)",
      [
        ["a", 1],
        ["b", 2],
      ],
    ],
    ["(int32,int32,)", [[1, 2]]],
    [
      "[int32]",
      [
        [1, 2],
        [1, 2, 3],
      ],
    ],
    ["[float64]", [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10.5], []]],
    ["[ascii]", [["a", "b"], ["c"], ["d", "e", "f"]]],
    ["(int32,[int32],)", [[1, [1, 2, 3]]]],
    ["(ascii,(int32,int32,),)", [["k", [1, 2]]]],
    ["(ascii,([int32],[ascii],),)", [["k", [[1], ["a"]]]]],
    [
      "[(ascii,int32,)]",
      [
        [
          ["a", 1],
          ["b", 2],
          ["c", 3],
        ],
      ],
    ],
    ["(ascii,int32,boolean,)", [["a", 1, true]]],
    [
      "(any,int32,)",
      [
        ["a", 1],
        [2, 1],
      ],
    ],
    [
      "any",
      [
        ["a", 1],
        ["a", 1, 2],
      ],
    ],
    ["any", [["a", 1], []]],
    [
      "(ascii,int32?!,)",
      [
        ["a", 1],
        ["b", undefined],
      ],
    ],
    ["any", [[1, , 3]]], // oxlint-disable-line no-sparse-arrays -- holes are what is tested
    ['{"a":int32,"b":{"c":ascii,},}', [{ a: 1, b: { c: "x" } }]],
    ["any", [{ a: 1 }, { b: 1 }]],
    [
      "any",
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
    ['{"a":int32?!,}', [{ a: 1 }, { a: null }, { a: undefined }]],
    ["any", [JSON.parse('{"__proto__":1}')]],
  ])("%s", (layout, rows) => {
    expect(layoutFor(...rows)).toBe(layout);
  });
});

test("alternating types give one batch while there are few rows, and few afterwards", () => {
  const row = (i: number) => (i % 3 === 0 ? i : i % 3 === 1 ? String(i) : null);
  const early = createBatchBuilder();
  const appendAll = (builder: BatchBuilder, rowOf: (i: number) => unknown) => {
    let appended = 0;
    for (let i = 0; i < 10_000; i++) if (builder.append(rowOf(i))) appended++;
    return appended;
  };
  expect(appendAll(early, row)).toBe(10_000);

  const late = createBatchBuilder();
  expect(appendAll(late, (i) => ["k", i])).toBe(10_000);
  expect(late.append(["k", "text"])).toBe(false);
  expect(late.length).toBe(10_000);
  expect(layoutOf(late.finish())).toBe("(ascii,int32,)");
  expect(appendAll(late, (i) => ["k", row(i)])).toBe(10_000);
  expect(layoutOf(late.finish())).toBe("(ascii,any,)");
});

test("integers become floats in place, however many there are", () => {
  const builder = createBatchBuilder();
  for (let i = 0; i < 100_000; i++) builder.append([i, [i, i, i]]);
  expect(builder.append([1, [1, 2.5, -0]])).toBe(true);
  const batch = builder.finish();
  expect(layoutOf(batch)).toBe("(int32,[float64#3],)");
  expect(rowsOf(batch, 99_999)).toEqual([
    [99_999, [99_999, 99_999, 99_999]],
    [1, [1, 2.5, -0]],
  ]);
});

test("a row that cannot travel leaves the builder as it was", () => {
  const builder = createBatchBuilder();
  for (let i = 0; i < 5; i++) {
    builder.append(["a long enough text to wait", i]);
    expect(() => builder.append(["b", () => 1])).toThrow(/GLOAM_VALUE_NOT_SERIALIZABLE.*\[1\] is a function/);
    expect(() => builder.append(Symbol("x"))).toThrow(/GLOAM_VALUE_NOT_SERIALIZABLE/);
  }
  const batch = builder.finish();
  expect(layoutOf(batch)).toBe("(ascii,int32,)");
  expect(rowsOf(batch)).toEqual([0, 1, 2, 3, 4].map((i) => ["a long enough text to wait", i]));
});

test("byteLength follows the data", () => {
  const builder = createBatchBuilder();
  expect(builder.byteLength).toBe(0);
  for (let i = 0; i < 1000; i++) builder.append(["x".repeat(100), [1.5, 2.5, 3.5]]);
  expect(builder.byteLength).toBeGreaterThan(100_000 + 24_000);
  expect(builder.byteLength).toBeLessThan(100_000 + 24_000 + 20_000);
  builder.clear();
  expect(builder.byteLength).toBe(0);
  expect(builder.length).toBe(0);
});

test("finish hands the buffers over", () => {
  const builder = createBatchBuilder();
  builder.append("first");
  const first = builder.finish();
  builder.append("second, longer than the first");
  const second = builder.finish();
  expect(rowsOf(first)).toEqual(["first"]);
  expect(rowsOf(second)).toEqual(["second, longer than the first"]);
  expect(builder.finish().length).toBe(0);
});

test("a loop's own appender", () => {
  const builder = createBatchBuilder({ code: new BuilderCode() });
  let append = builder.pairAppender();
  let retaken = 0;
  for (let i = 0; i < 1000; i++)
    if (!append(`key ${i}`, i < 500 ? i : i + 0.5)) {
      expect(builder.appendPair(`key ${i}`, i < 500 ? i : i + 0.5)).toBe(true);
      append = builder.pairAppender();
      retaken++;
    }
  expect(retaken).toBe(2);
  const rows = rowsOf(builder.finish());
  expect(rows[499]).toEqual(["key 499", 499]);
  expect(rows[500]).toEqual(["key 500", 500.5]);
});

test("text that waits: short after long, null, non-ASCII, lone surrogates", () => {
  const builder = createBatchBuilder();
  const rows: unknown[] = [];
  for (let i = 0; i < 1000; i++)
    rows.push(
      i % 7 === 0 ? null : i % 5 === 0 ? "s" : i % 97 === 0 ? `${"ü".repeat(20)}${i}` : `a rather long text ${i}`,
    );
  for (const row of rows) expect(builder.append(row)).toBe(true);
  expect(layoutOf(builder.view())).toBe("utf8?");
  expect(rowsOf(builder.view())).toEqual(rows);
  expect(builder.append("a lone surrogate in a long text: \udc00")).toBe(true);
  expect(rowsOf(builder.finish())).toEqual([...rows, "a lone surrogate in a long text: \udc00"]);
});

test("a list in a row may be refused in the middle", () => {
  const builder = createBatchBuilder();
  const long = "long enough to wait for others ".repeat(3);
  builder.append([[long, "a"], 1]);
  builder.append([["b"], 2]);
  expect(builder.append([[long, long, 3], 3])).toBe(true);
  builder.append([[], 4]);
  expect(rowsOf(builder.finish())).toEqual([
    [[long, "a"], 1],
    [["b"], 2],
    [[long, long, 3], 3],
    [[], 4],
  ]);
});

test("rows that were refused leave nothing of their text", () => {
  const text = (i: number) => `${i} is long enough to wait`;
  const builder = createBatchBuilder();
  const expected: unknown[] = [];
  for (let i = 0; i < 200; i++) {
    if (i % 3 === 0) expect(() => builder.append([text(-i), Symbol("no")])).toThrow("GLOAM_VALUE_NOT_SERIALIZABLE");
    const row = [text(i), i % 50 === 0 ? new Map() : i % 2 === 0 ? "é".repeat(i) : null];
    expect(builder.append(row)).toBe(true);
    expected.push(row);
  }
  expect(rowsOf(builder.finish())).toEqual(expected);

  const lists = createBatchBuilder();
  const kept: unknown[] = [];
  for (let i = 0; i < 100; i++) {
    const row = [["a", i % 2 === 0 ? "b" : text(i), "c"], new Map([[i, i]])];
    expect(lists.append(row)).toBe(true);
    kept.push(row);
    // What is refused waits behind where the next row begins.
    expect(() => lists.append([["a", "b", text(-i), "c"], Symbol("no")])).toThrow("GLOAM_VALUE_NOT_SERIALIZABLE");
  }
  expect(rowsOf(lists.finish())).toEqual(kept);
});
