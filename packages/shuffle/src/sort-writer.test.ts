import type { TextCutter, Texts } from "@gloam/plan";
import { expect, test } from "vitest";
import { sortWriter } from "./sort-writer.ts";
import { FakeMemory, writeRows, writeWhole, type FakeOutput } from "./testing/fake-task.ts";

/** Cuts the first three characters off, where they are ASCII. */
function fakeCutter(): TextCutter {
  const column = (): { begins: Int32Array; ends: Int32Array } => ({
    begins: new Int32Array(1000),
    ends: new Int32Array(1000),
  });
  const columns = [column(), column()];
  const cutter = {
    columns,
    cut({ bytes, starts, ends, length }: Texts) {
      const [key, value] = columns;
      for (let at = 0; at < length; at++) {
        const [start, end] = [starts[at]!, ends[at]!];
        key!.begins[at] = start;
        key!.ends[at] = value!.begins[at] = Math.min(end, start + 3);
        value!.ends[at] = end;
        if (bytes.subarray(start, start + 3).some((byte) => byte >= 0x80)) key!.ends[at] = value!.ends[at] = -1;
      }
    },
    pair: (line: string) => [line.slice(0, 3), line.slice(3)],
  };
  return cutter as unknown as TextCutter;
}

function textsOf(lines: readonly string[]): Texts {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  const sizes = lines.map((line) => Buffer.byteLength(line));
  const starts = new Int32Array(lines.length);
  for (let at = 1; at < lines.length; at++) starts[at] = starts[at - 1]! + sizes[at - 1]! + 1;
  return {
    ...{ bytes, starts, length: lines.length },
    ends: starts.map((start, at) => start + sizes[at]!),
    ascii: sizes.every((size, at) => size === lines[at]!.length),
    isUtf8: () => true,
    strings: () => [...lines],
    show(at, span) {
      Object.assign(span, { bytes, from: starts[at]!, to: starts[at]! + sizes[at]!, ascii: false });
    },
  };
}

/** What can be compared quickly. */
function printed({ segments, sketch }: FakeOutput): string[] {
  return [...segments.flat(), sketch!].map((bytes) => Buffer.from(bytes).toString("latin1"));
}

const task = () => ({ data: { partitions: 3, ascending: true, roles: [] }, memory: new FakeMemory(1 << 18) });

function cut(lines: readonly string[], batchLines: number): FakeOutput {
  const cutter = fakeCutter();
  return writeWhole(sortWriter, task(), (sink) => {
    for (let from = 0; from < lines.length; from += batchLines)
      expect(sink.takeCuts!(textsOf(lines.slice(from, from + batchLines)), cutter)).toBe(true);
  });
}

/** Lines in no order. */
function someLines(text: (line: number) => string): string[] {
  return Array.from({ length: 3000 }, (_, line) => `${100 + ((line * 7919) % 900)}${text(line)}`);
}

test("texts are written as the pairs that they are cut into", () => {
  const lines = someLines((line) => "x".repeat(line % 60));
  const pairs = lines.map((line) => [line.slice(0, 3), line.slice(3)]);
  expect(printed(cut(lines, 700))).toEqual(printed(writeRows(sortWriter, task(), pairs)));
});

test("runs do not depend on where batches of texts end", () => {
  const lines = someLines((line) => "é".repeat(line % 60)).map((line, at) => (at % 5 === 0 ? `é${line}` : line));
  const whole = printed(cut(lines, 1000));
  for (const batchLines of [1, 7, 32, 650]) expect(printed(cut(lines, batchLines))).toEqual(whole);
});

test("texts behind pairs of other types are looked at once", () => {
  const cutter = fakeCutter();
  const [{ ends }] = cutter.columns;
  let looks = 0;
  cutter.columns[0].ends = new Proxy(ends, {
    get(target, name) {
      looks++;
      return target[Number(name)];
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
  const lines = ["\ud83d", ...someLines(() => "").slice(0, 900)];
  const texts = textsOf(lines);
  // A lone surrogate is half of a character that was cut.
  cutter.pair = (line) => [line === "\ufffd" ? "\ud83d" : line.slice(0, 3), line.slice(3)];
  const output = writeWhole(sortWriter, task(), (sink) => sink.takeCuts!(texts, cutter));
  const pairs = lines.map((line) => [line.slice(0, 3), line.slice(3)]);
  expect(printed(output)).toEqual(printed(writeRows(sortWriter, task(), pairs)));
  expect(looks).toBeLessThan(2 * lines.length);
});

test("texts that are no UTF-8 are refused", () => {
  const texts: Texts = { ...textsOf(["é"]), isUtf8: () => false };
  writeWhole(sortWriter, task(), (sink) => expect(sink.takeCuts!(texts, fakeCutter())).toBe(false));
});
