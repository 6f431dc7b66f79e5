import { describe, expect, test } from "vitest";
import type { KeptResult } from "./result-fetch.ts";
import { ResultFetcher } from "./result-fetcher.ts";
import { FakeBlockSource } from "./testing/fake-block-source.ts";

const address = { executor: "a", host: "h", port: 1 };
const kept = (task: number, ...chunkBytes: readonly number[]): KeptResult => ({
  ...{ task, address, store: 1, output: task },
  chunkBytes,
});
const chunk = (length: number) => (index: number) => new Uint8Array(length).fill(index + 1);

function fetching(options: { readonly mostBytes?: number; readonly mostResults?: number } = {}) {
  const source = new FakeBlockSource();
  const fetcher = new ResultFetcher({ source, ...options });
  const ends = new Map<number, unknown>();
  const fetch = (result: KeptResult): void => fetcher.fetch(result, (end) => ends.set(result.task, end));
  const asked = (): [task: number, from: number, to: number][] =>
    source.asked.map(({ part: { output, from, to } }) => [output, from, to]);
  return { source, fetcher, ends, fetch, asked };
}

describe("results that executors keep", () => {
  test("come in pieces, and are put together", () => {
    const { source, fetch, ends, asked } = fetching({ mostBytes: 16 });
    fetch(kept(1, 2, 2, 2, 1));
    expect(asked()).toEqual([[1, 0, 1], [1, 1, 2], [1, 2, 3], [1, 3, 4]]); // prettier-ignore
    for (const length of [2, 2, 2]) source.answer(chunk(length));
    expect(ends.size).toBe(0);
    source.answer(chunk(1));
    expect(ends.get(1)).toEqual(Uint8Array.of(1, 1, 2, 2, 3, 3, 4));
    expect(asked()).toEqual([]);
  });

  test("come a few at a time, in the order in which they finished, however many bytes they have", () => {
    const { source, fetch, ends, asked } = fetching({ mostBytes: 8, mostResults: 2 });
    for (const task of [1, 2, 3]) fetch(kept(task, 4));
    expect(asked()).toEqual([[1, 0, 1], [2, 0, 1]]); // prettier-ignore
    source.answer(chunk(4));
    expect(asked()).toEqual([[2, 0, 1], [3, 0, 1]]); // prettier-ignore
    source.answer(chunk(4));
    source.answer(chunk(4));
    expect([...ends.keys()]).toEqual([1, 2, 3]);
  });

  test("have no more bytes under way than may be, but for a chunk that is larger", () => {
    const { source, fetch, asked } = fetching({ mostBytes: 8 });
    fetch(kept(1, 3, 3, 3));
    fetch(kept(2, 20));
    expect(asked()).toEqual([[1, 0, 1], [1, 1, 2]]); // prettier-ignore
    source.answer(chunk(3));
    expect(asked()).toEqual([[1, 1, 2], [1, 2, 3]]); // prettier-ignore
    source.answer(chunk(3));
    source.answer(chunk(3));
    expect(asked()).toEqual([[2, 0, 1]]);
  });

  test("that cannot be had say why, and others go on", () => {
    const { source, fetch, ends, asked } = fetching({ mostBytes: 6 });
    fetch(kept(1, 3, 3));
    fetch(kept(2, 3));
    source.fail("it is gone");
    expect(ends.get(1)).toMatchObject({ code: "GLOAM_FETCH_FAILED" });
    expect(asked()).toEqual([[2, 0, 1]]);
    source.answer(chunk(2));
    expect(ends.get(2)).toMatchObject({ code: "GLOAM_BLOCK_CORRUPT" });
    expect(asked()).toEqual([]);
  });

  test("that nobody wants any more make room, and are not heard of", () => {
    const { source, fetcher, fetch, ends, asked } = fetching({ mostBytes: 4 });
    fetch(kept(1, 4, 4));
    fetch(kept(2, 4));
    const [stale] = source.asked;
    fetcher.cancel(1);
    fetcher.cancel(7);
    expect(asked()).toEqual([[2, 0, 1]]);
    expect(stale?.options.signal?.aborted).toBe(true);
    fetcher.close();
    expect(asked()).toEqual([]);
    expect([source.closed, ends.size]).toEqual([true, 0]);
  });

  test("may be empty, or too large for any memory", () => {
    const { fetch, ends, asked } = fetching();
    fetch(kept(1));
    fetch(kept(2, 2 ** 53 - 1));
    expect(ends.get(1)).toEqual(new Uint8Array(0));
    expect(ends.get(2)).toMatchObject({ code: "GLOAM_OUT_OF_MEMORY" });
    expect(asked()).toEqual([]);
  });
});
