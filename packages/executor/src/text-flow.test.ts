import { Buffer } from "node:buffer";
import type { TextSpan } from "@gloam/common";
import { flatMapKernel, mapKernel, type KernelContext, type RowKernel, type Sink, type TextBatch } from "@gloam/plan";
import { describe, expect, it } from "vitest";
import { CodeCache } from "./code-cache.ts";
import { LoopWriter } from "./loop-writer.ts";
import { SegmentReader } from "./segment-reader.ts";
import { FailureTrace } from "./task-failure.ts";
import { takesTexts, type BoundKernel } from "./text-flow.ts";

type Use = KernelContext["textUses"][number];

function bound(kernel: RowKernel, use: Use): BoundKernel {
  return { kernel, context: { textUses: [use] } as unknown as KernelContext };
}

const numbers = bound(mapKernel, { kind: "numbers" });
const key = bound(mapKernel, { kind: "key" });
const pieces = bound(flatMapKernel, { kind: "pieces", separator: { pattern: true, text: "\\s+" } });
const anything = bound(mapKernel, undefined);
const taking = { takesKeyedTexts: true } as Sink;

describe("a chain takes texts", () => {
  it("where a function reads numbers from them", () => {
    expect(takesTexts([numbers, anything], undefined)).toBe(true);
    expect(takesTexts([pieces, numbers], undefined)).toBe(true);
  });

  it("where the sink takes them as keys", () => {
    expect(takesTexts([pieces, key], taking)).toBe(true);
    expect(takesTexts([key], taking)).toBe(true);
    expect(takesTexts([pieces, key], {} as Sink)).toBe(false);
    expect(takesTexts([pieces, key, anything], taking)).toBe(false);
    expect(takesTexts([pieces, key], undefined)).toBe(false);
  });

  it("where nothing would make strings of them", () => {
    expect(takesTexts([anything], taking)).toBe(false);
    expect(takesTexts([pieces], taking)).toBe(false);
    expect(takesTexts([pieces, anything], taking)).toBe(false);
    expect(takesTexts([], taking)).toBe(false);
  });
});

describe("a loop over texts", () => {
  const lines = ["a b", " cé", ""];
  const batch: TextBatch = {
    length: lines.length,
    texts: {
      ...{
        bytes: new Uint8Array(0),
        starts: new Int32Array(0),
        ends: new Int32Array(0),
        length: lines.length,
        ascii: false,
      },
      isUtf8: () => true,
      strings: () => lines,
      show(at: number, span: TextSpan) {
        const line = lines[at]!;
        span.bytes = Buffer.from(`${line}\n`);
        span.from = 0;
        span.to = span.bytes.length - 1;
        span.ascii = !line.includes("é");
      },
    },
  };

  function run(...operations: readonly [BoundKernel, (value: never) => unknown][]): unknown[] {
    const writer = new LoopWriter("v0", true);
    operations.forEach(([{ kernel, context }, f], index) =>
      writer.write(index, [f], (code) => kernel.emit(code, context)),
    );
    let left: TextBatch | undefined = batch;
    const input = {
      next() {
        const next = left;
        left = undefined;
        return next;
      },
    };
    const environment = { cache: new CodeCache(), trace: new FailureTrace(), checkCancelled: () => undefined };
    return [...Array.from(new SegmentReader(input, writer.finish(true), "", environment).next()!.rows!)];
  }

  const split = (line: string): string[] => line.split(/\s+/);

  it("makes strings where a function wants them, or where it ends", () => {
    expect(run([anything, (line: string) => line.length])).toEqual([3, 3, 0]);
    expect(run([pieces, split])).toEqual(["a", "b", "", "cé", ""]);
    expect(run([pieces, split], [anything, (word: string) => `<${word}>`])).toEqual(["<a>", "<b>", "<>", "<cé>", "<>"]);
  });

  it("makes the keys of pairs strings", () => {
    const pair = (word: string): unknown => [word, 1];
    expect(run([key, pair])).toEqual([
      ["a b", 1],
      [" cé", 1],
      ["", 1],
    ]);
    expect(run([pieces, split], [key, pair], [anything, ([word, n]: [string, number]) => word.repeat(n + 1)])).toEqual([
      "aa",
      "bb",
      "",
      "cécé",
      "",
    ]);
  });
});
