import { action, type Action } from "./action.ts";
import { compare, grouped, nameOf, sumOf, type Key } from "./rows.ts";

/** Entries by the names of their keys. */
function named(entries: Iterable<readonly [Key, unknown]>): [string, string][] {
  return [...entries].map(([key, value]): [string, string] => [nameOf(key), nameOf(value)]).toSorted(compare);
}

const countByKey: Action = (_, { rows }) =>
  action({
    description: "countByKey()",
    expected: named(grouped(rows).map(([key, values]) => [key, values.length])),
    run: async (rdd) => [...(await rdd.countByKey())],
    promised: named,
  });

const reduceByKeyLocally: Action = (_, { rows }) =>
  action({
    description: "reduceByKeyLocally(sum)",
    expected: named(grouped(rows).map(([key, values]) => [key, sumOf(values)])),
    run: async (rdd) => [...(await rdd.reduceByKeyLocally((a, b) => a + b))],
    promised: named,
  });

/** Which of a key's values is the last depends on where they lie. */
const collectAsMap: Action = (_, { rows }) => {
  const groups = new Map(grouped(rows).map(([key, values]) => [nameOf(key), values.map(nameOf)]));
  return action({
    description: "collectAsMap()",
    expected: { keys: [...groups.keys()].toSorted(), areValues: true },
    run: async (rdd) => [...(await rdd.collectAsMap())],
    promised: (entries) => ({
      keys: entries.map(([key]) => nameOf(key)).toSorted(),
      areValues: entries.every(([key, value]) => groups.get(nameOf(key))?.includes(nameOf(value))),
    }),
  });
};

const lookup: Action = (random, { rows }) => {
  const key = rows.length > 0 && random.nextInt(5) > 0 ? rows[random.nextInt(rows.length)]![0] : "no such key";
  const values = rows.filter(([other]) => nameOf(other) === nameOf(key)).map(([, value]) => nameOf(value));
  return action({
    description: `lookup(${nameOf(key)})`,
    expected: values.toSorted(),
    run: (rdd) => rdd.lookup(key),
    promised: (found) => found.map(nameOf).toSorted(),
  });
};

/** Actions that look at keys. */
export const keyActions: readonly Action[] = [countByKey, reduceByKeyLocally, collectAsMap, lookup, lookup];
