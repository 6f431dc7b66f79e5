import { action, isPart, nothing, type Action } from "./action.ts";
import type { Dataset } from "./operation.ts";
import { compare, grouped, nameOf, type Row } from "./rows.ts";

/** What is promised of the first rows of a dataset: their number, that they are there, and where rows are in order, which. */
function promisedFirst(some: readonly Row[], { rows, order }: Dataset): unknown {
  return { length: some.length, isPart: isPart(some, rows), order: orderOf(some, order) };
}

function orderOf(rows: readonly Row[], order: Dataset["order"]): string[] {
  return order === undefined ? [] : rows.map(([key, value]) => nameOf(order === "key" ? key : value));
}

const take: Action = (random, dataset) => {
  const n = random.nextInt(30);
  return action({
    description: `take(${n})`,
    expected: promisedFirst(dataset.rows.slice(0, n), dataset),
    run: (rdd) => rdd.take(n),
    promised: (rows) => promisedFirst(rows, dataset),
  });
};

const first: Action = (_, dataset) =>
  action({
    description: "first()",
    expected: dataset.rows.length === 0 ? nothing : promisedFirst(dataset.rows.slice(0, 1), dataset),
    run: (rdd) => rdd.first(),
    promised: (row) => promisedFirst([row], dataset),
  });

const count: Action = (_, { rows }) =>
  action({ description: "count()", expected: rows.length, run: (rdd) => rdd.count() });

const isEmpty: Action = (_, { rows }) =>
  action({ description: "isEmpty()", expected: rows.length === 0, run: (rdd) => rdd.isEmpty() });

const iterate: Action = (random, { rows, order }) => {
  const prefetchPartitions = random.nextInt(2) === 0;
  return action({
    description: `toLocalIterator({ prefetchPartitions: ${prefetchPartitions} })`,
    expected: { rows: rows.map(nameOf).toSorted(), order: orderOf(rows, order) },
    async run(rdd) {
      const seen: Row[] = [];
      for await (const row of rdd.toLocalIterator({ prefetchPartitions })) seen.push(row);
      return seen;
    },
    promised: (seen) => ({ rows: seen.map(nameOf).toSorted(), order: orderOf(seen, order) }),
  });
};

const byValue = ([, value]: Row): number => value;

/** Of rows that are equal in the order, which is taken depends on where they lie. */
const top: Action = (random, { rows }) => {
  const n = random.nextInt(20);
  const name = random.nextInt(2) === 0 ? "top" : "takeOrdered";
  const sorted = rows.map(byValue).toSorted((a, b) => (name === "top" ? compare(b, a) : compare(a, b)));
  return action({
    description: `${name}(${n}, by value)`,
    expected: { values: sorted.slice(0, n).map(nameOf), isPart: true },
    run: (rdd) => (name === "top" ? rdd.top(n, byValue) : rdd.takeOrdered(n, { compare: ([, a], [, b]) => a - b })),
    promised: (some) => ({ values: some.map(([, value]) => nameOf(value)), isPart: isPart(some, rows) }),
  });
};

const extreme: Action = (random, { rows }) => {
  const name = random.nextInt(2) === 0 ? "max" : "min";
  const sorted = rows.map(byValue).toSorted((a, b) => (name === "max" ? compare(b, a) : compare(a, b)));
  return action({
    description: `${name}(by value)`,
    expected: rows.length === 0 ? nothing : { value: nameOf(sorted[0]), isPart: true },
    run: (rdd) => (name === "max" ? rdd.max(byValue) : rdd.min(byValue)),
    promised: (row) => ({ value: nameOf(row[1]), isPart: isPart([row], rows) }),
  });
};

const countByValue: Action = (_, { rows }) =>
  action({
    description: "countByValue()",
    expected: grouped(rows.map((row) => [row, 1] as const))
      .map(([row, ones]) => [nameOf(row), ones.length])
      .toSorted(compare),
    run: async (rdd) => [...(await rdd.countByValue())],
    promised: (counts) => counts.map(([row, times]) => [nameOf(row), times]).toSorted(compare),
  });

const hot: Action = (random, { rows }) => {
  const n = random.nextInt(8);
  const counts = new Map(
    grouped(rows.map((row) => [row, 1] as const)).map(([row, ones]) => [nameOf(row), ones.length]),
  );
  const largest = [...counts.values()].toSorted((a, b) => b - a).slice(0, n);
  return action({
    description: `hot(${n})`,
    expected: { counts: largest, areRight: true },
    run: (rdd) => rdd.hot(n),
    promised: (some) => ({
      counts: some.map(([, times]) => times),
      areRight: some.every(([row, times]) => counts.get(nameOf(row)) === times),
    }),
  });
};

/** Actions that give rows and their numbers. */
export const rowActions: readonly Action[] = [
  take,
  first,
  count,
  isEmpty,
  iterate,
  top,
  top,
  extreme,
  extreme,
  countByValue,
  hot,
];
