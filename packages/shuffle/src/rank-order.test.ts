import fc from "fast-check";
import { expect, test } from "vitest";
import { RankOrder } from "./rank-order.ts";

function expectOrdered(order: RankOrder, ranks: readonly number[]): void {
  order.order(Float64Array.from(ranks), ranks.length);
  const rows = Array.from(ranks, (_, row) => row).sort((a, b) =>
    ranks[a]! < ranks[b]! ? -1 : ranks[a]! > ranks[b]! ? 1 : 0,
  );
  expect([...order.rows.subarray(0, ranks.length)]).toEqual(rows);
  expect([...order.ranks.subarray(0, ranks.length)]).toEqual(rows.map((row) => ranks[row]));
}

test("any ranks, equal ones in the order of arrival", () => {
  const order = new RankOrder();
  const rank = fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.constantFrom(Infinity, -Infinity, -0, 2 ** 52 - 1, 5e-324),
  );
  fc.assert(fc.property(fc.array(rank, { maxLength: 300 }), (ranks) => expectOrdered(order, ranks)));
});

test.each<[string, (i: number) => number]>([
  ["the same", () => 7],
  ["two values", (i) => i % 2],
  ["ascending", (i) => i],
  ["descending", (i) => -i],
  ["random", (i) => (i * 16807) % 2147483647],
  ["of all magnitudes", (i) => (i % 2 === 0 ? 1 : -1) * 10 ** (((i * 7919) % 600) - 300)],
  ["far apart", (i) => (i % 3 === 0 ? -1.7e308 : i % 3 === 1 ? 1.7e308 : i)],
  ["with infinities", (i) => (i % 3 === 0 ? Infinity : i % 3 === 1 ? -Infinity : i)],
  ["clustered", (i) => Math.floor((i * 7919) % 10) * 1e12 + ((i * 104729) % 1000)],
])("ranks that are %s", (_name, rank) => {
  expectOrdered(
    new RankOrder(),
    Array.from({ length: 5000 }, (_, i) => rank(i)),
  );
});
