import { createBatchBuilder } from "@gloam/arrow";
import { compareKeys } from "@gloam/plan";
import { expect, test } from "vitest";
import { SortOrder } from "./sort-order.ts";

const count = 3000;

/** A key for each row, with many that are the same or begin alike. */
const keys: Record<string, (i: number) => unknown> = {
  "long common beginnings": (i) => `https://example.org/a/long/path/${(i * 7919) % 500}/${i % 7}`,
  "the same text": () => "always the same, and long",
  "zeros at the end": (i) => "a".repeat(20) + "\0".repeat((i * 31) % 40),
  "a beginning alone": (i) => "abcdef".repeat((i * 17) % 60),
  "wide text": (i) => `日本語日本語日本語${["🙂", "\uffff", "é", ""][i % 4]}${(i * 7919) % 100}`,
  "numbers with NaN and infinities": (i) => [NaN, Infinity, -Infinity, -0, 0, i % 10][(i * 7919) % 6],
  "null among text": (i) => (i % 5 === 0 ? null : `k${i % 100}`),
  tuples: (i) => [(i * 31) % 20, `t${i % 3}`],
};

test.each(Object.entries(keys))("%s: sorted, equal keys in the order of arrival", (_name, keyOf) => {
  const builder = createBatchBuilder();
  const values = Array.from({ length: count }, (_, i) => keyOf(i));
  values.forEach((key, i) => builder.appendPair(key, i));
  const batch = builder.view();
  expect(batch.length).toBe(count);
  for (const ascending of [true, false]) {
    const compare = (a: unknown, b: unknown) => (ascending ? compareKeys(a, b) : compareKeys(b, a));
    const expected = values.map((_, i) => i).sort((a, b) => compare(values[a], values[b]));
    const order = new SortOrder({ ascending, custom: false, compare });
    expect([...order.of(batch)]).toEqual(expected);
    const custom = new SortOrder({ ascending, custom: true, compare });
    expect([...custom.of(batch)]).toEqual(expected);
  }
});
