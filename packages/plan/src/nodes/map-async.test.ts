import { expect, test } from "vitest";
import type { Batch } from "../batch.ts";
import type { BatchReader, KernelContext } from "../kernel.ts";
import { gathered } from "../gathered-reader.ts";
import { mapAsyncKernel } from "./map-async.ts";

function open(f: (element: never) => unknown, batches: readonly (readonly unknown[])[], concurrency = 2): BatchReader {
  let at = 0;
  const input: BatchReader = {
    next(): Batch | undefined {
      const rows = batches[at++];
      return rows === undefined ? undefined : { length: rows.length, rows };
    },
  };
  const context = { functions: [f], data: { concurrency }, checkCancelled: () => undefined };
  return mapAsyncKernel.open(context as unknown as KernelContext, [{ open: () => input, segments: undefined }]);
}

async function drain(reader: BatchReader): Promise<unknown[]> {
  const all: unknown[] = [];
  for (;;) {
    await reader.ready?.();
    const batch = reader.next();
    if (batch === undefined) return all;
    all.push(...Array.from(batch.rows ?? []).slice(0, batch.length));
  }
}

const later = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("results come in the order of the elements, whatever finishes first", async () => {
  const reader = open(
    async (x: number) => {
      await later((x * 7) % 5);
      return x * 10;
    },
    [[1, 2], [], [3, 4, 5, 6, 7]],
    3,
  );
  expect(await drain(reader)).toEqual([10, 20, 30, 40, 50, 60, 70]);
});

test("a slow first call does not stop those behind it at once", async () => {
  let started = 0;
  let release: () => void = () => undefined;
  const first = new Promise<void>((resolve) => (release = resolve));
  const reader = open(
    async (x: number) => {
      started++;
      if (x === 0) await first;
      return x;
    },
    [Array.from({ length: 100 }, (_, i) => i)],
  );
  const waiting = reader.ready?.();
  await later(5);
  expect(started).toBeGreaterThan(2);
  expect(started).toBeLessThan(20);
  release();
  await waiting;
  expect(await drain(reader)).toHaveLength(100);
});

test("a rejection is thrown where its element would have come; others are not unhandled", async () => {
  const reader = open(async (x: number) => (x > 1 ? Promise.reject(new Error(`no ${x}`)) : x), [[1, 2, 3]]);
  await expect(drain(reader)).rejects.toThrow("no 2");
  reader.close?.();
});

test("values need not be promises, and no elements are fine", async () => {
  expect(await drain(open((x: number) => x + 1, [[1], [2]]))).toEqual([2, 3]);
  expect(await drain(open(() => 1, []))).toEqual([]);
});

test("gathered lets a consumer pull synchronously", async () => {
  const reader = gathered(open(async (x: number) => x, [[1, 2, 3]], 1));
  await reader.ready?.();
  const rows: unknown[] = [];
  for (let batch = reader.next(); batch !== undefined; batch = reader.next())
    rows.push(...Array.from(batch.rows ?? []));
  expect(rows).toEqual([1, 2, 3]);
  expect(reader.ready?.()).toBeUndefined();
});
