import type { Batch, BatchReader, RowCode } from "@gloam/plan";
import { describe, expect, it } from "vitest";
import { CodeCache } from "./code-cache.ts";
import { LoopWriter } from "./loop-writer.ts";
import { SegmentReader, type LoopEnvironment } from "./segment-reader.ts";
import { FailureTrace } from "./task-failure.ts";

function environment(): LoopEnvironment {
  return { cache: new CodeCache(), trace: new FailureTrace(), checkCancelled: () => undefined };
}

function batches(...given: unknown[][]): BatchReader {
  let at = 0;
  return {
    next(): Batch | undefined {
      const rows = given[at++];
      return rows === undefined ? undefined : { length: rows.length, rows };
    },
  };
}

type Emit = (code: RowCode) => void;

function segment(
  input: BatchReader,
  loopEnvironment: LoopEnvironment,
  ...operations: [Emit, ...unknown[]][]
): SegmentReader {
  const writer = new LoopWriter("v0");
  operations.forEach(([emit, ...functions], index) => writer.write(index, functions, emit));
  return new SegmentReader(input, writer.finish(true), "", loopEnvironment);
}

function all(reader: BatchReader): unknown[] {
  const rows: unknown[] = [];
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    rows.push(...Array.from(batch.rows ?? []));
  }
  return rows;
}

const map: Emit = (code) => code.output(`${code.userFunction(0)}(${code.value})`);
const filter: Emit = (code) => {
  code.line(`if (!${code.userFunction(0)}(${code.value})) continue;`);
  code.output(code.value);
};
const flatMap: Emit = (code) => {
  const each = code.local();
  code.loop(`for (const ${each} of ${code.userFunction(0)}(${code.value})) {`);
  code.output(each);
};

describe("a generated loop", () => {
  it("runs a chain of operations in one function", () => {
    const reader = segment(
      batches([1, 2, 3], [4, 5]),
      environment(),
      [map, (x: number) => x * 10],
      [filter, (x: number) => x !== 30],
      [flatMap, (x: number) => [x, x + 1]],
    );
    expect(all(reader)).toEqual([10, 11, 20, 21, 40, 41, 50, 51]);
  });

  it("skips only the element of the innermost loop", () => {
    const reader = segment(
      batches([3]),
      environment(),
      [flatMap, (n: number) => Array(n).keys()],
      [filter, (x: number) => x !== 1],
    );
    expect(all(reader)).toEqual([0, 2]);
  });

  it("hands over what it has before an output grows", () => {
    const reader = segment(batches([1, 2, 3]), environment(), [flatMap, () => Array(5000).keys()]);
    const lengths: number[] = [];
    for (let batch = reader.next(); batch !== undefined; batch = reader.next()) lengths.push(batch.length);
    expect(lengths).toEqual([5000, 5000, 5000]);
  });

  it("keeps variables through all batches of a task and starts anew for the next", () => {
    const count: Emit = (code) => {
      const n = code.variable("0");
      code.output(`${n}++`);
    };
    const shared = environment();
    expect(all(segment(batches(["a", "b"], ["c"]), shared, [count]))).toEqual([0, 1, 2]);
    expect(all(segment(batches(["a"]), shared, [count]))).toEqual([0]);
  });

  it("keeps what is one task's apart from what is another's", () => {
    const shared = environment();
    const first = segment(batches([1], [2]), shared, [map, (x: number) => x + 1]);
    const second = segment(batches([10]), shared, [map, (x: number) => x * 2]);
    expect([first.next()?.rows, second.next()?.rows, first.next()?.rows]).toEqual([[2], [20], [3]]);
  });

  it("ends the partition when an operation has enough", () => {
    const two: Emit = (code) => {
      const n = code.variable("0");
      code.line(`if (${n}++ === 2) ${code.stop}`);
      code.output(code.value);
    };
    expect(all(segment(batches([1, 2, 3], [4]), environment(), [two]))).toEqual([1, 2]);
  });

  it("attributes an exception to the operation on whose line it happened", () => {
    const shared = environment();
    const reader = segment(
      batches([1]),
      shared,
      [map, (x: number) => x],
      [map, () => (undefined as unknown as { a: number }).a],
      [map, (x: number) => x],
    );
    let caught: unknown;
    try {
      reader.next();
    } catch (error) {
      caught = error;
    }
    expect(shared.trace.operationOf(caught)).toBe(1);
  });

  it("says in words of the user that a function gave nothing to loop over", () => {
    const shared = environment();
    const reader = segment(batches([1]), shared, [map, (x: number) => x], [flatMap, () => undefined]);
    let caught: unknown;
    try {
      reader.next();
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({
      code: "GLOAM_TASK_FAILED",
      message: expect.stringContaining("not iterable") as string,
    });
    expect(String((caught as Error).stack)).not.toContain("c0 ");
    expect(shared.trace.operationOf(caught)).toBe(1);
  });

  it("attributes a thrown value that has no stack", () => {
    const shared = environment();
    const thrower = (): never => {
      // oxlint-disable-next-line typescript/only-throw-error -- users do
      throw "text";
    };
    const reader = segment(batches([1]), shared, [map, (x: number) => x], [map, thrower], [map, (x: number) => x]);
    expect(() => reader.next()).toThrow("text");
    expect(shared.trace.operationOf("text")).toBe(1);
  });

  it("asks whether the task is cancelled inside long nested loops", () => {
    let asked = 0;
    const shared: LoopEnvironment = {
      ...environment(),
      checkCancelled: () => {
        if (++asked > 3) throw new Error("cancelled");
      },
    };
    const endless = function* (): Generator<number> {
      for (let i = 0; ; i++) yield i;
    };
    expect(() => all(segment(batches([1]), shared, [flatMap, endless], [filter, () => false]))).toThrow("cancelled");
  });
});
