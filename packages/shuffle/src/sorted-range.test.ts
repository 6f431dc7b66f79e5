import { encodeValue } from "@gloam/arrow";
import type { KernelInput, ShuffleSegment } from "@gloam/plan";
import { expect, test } from "vitest";
import { sortReader } from "./sort-reader.ts";
import { sortWriter } from "./sort-writer.ts";
import { readRows, shuffleInput, writeRows } from "./testing/fake-task.ts";

const partitions = 4;
const rows = Array.from({ length: 50_000 }, (_, i) => [(i * 7919) % 50_000, i] as const);
const written = [rows.slice(0, 20_000), rows.slice(20_000)].map((part) =>
  writeRows(sortWriter, { data: { partitions, ascending: true, roles: [] } }, part),
);

/** What a partition gives for keys of a span, and how many chunks it opens for that. */
function read(partition: number, span?: { readonly first: unknown; readonly last: unknown }) {
  let chunks = 0;
  const counting = (segment: ShuffleSegment): ShuffleSegment => ({
    ...segment,
    open(from = 0, to = segment.chunks) {
      chunks += to - from;
      return segment.open(from, to);
    },
  });
  const input = shuffleInput(written, partition);
  const counted: KernelInput = { ...input, segments: input.segments!.map(counting) };
  const data = { ascending: true, roles: [], ...(span === undefined ? {} : { only: encodeValue(span) }) };
  const keys = readRows(sortReader, { data, partition }, [counted]).map((row) => (row as [number, number])[0]);
  return { keys, chunks };
}

test("a span of keys opens the chunks that can have them, in the partitions that can", () => {
  const every = Array.from({ length: partitions }, (_, partition) => read(partition));
  expect(every.flatMap(({ keys }) => keys)).toEqual(Array.from({ length: 50_000 }, (_, key) => key));
  for (const [first, last] of [
    [100, 105],
    [12_400, 12_600],
    [49_999, 60_000],
    [-5, -1],
    [7, 3],
  ] as const) {
    // prettier-ignore
    const some = Array.from({ length: partitions }, (_, partition) => read(partition, { first, last }));
    const wanted = every.flatMap(({ keys }) => keys).filter((key) => key >= first && key <= last);
    expect(some.flatMap(({ keys }) => keys).filter((key) => key >= first && key <= last)).toEqual(wanted);
    const opened = some.reduce((sum, { chunks }) => sum + chunks, 0);
    // A chunk that begins before the span and one that ends behind it, of each task and at a bound of partitions.
    expect(opened).toBeLessThanOrEqual(wanted.length === 0 ? 4 : 8);
  }
  const texts = read(0, { first: "a", last: "b" });
  expect(texts.keys.length).toBeLessThan(every[0]!.keys.length);
});
