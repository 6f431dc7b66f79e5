import { taskContext } from "gloam";
import { action, type Action } from "./action.ts";
import { nameOf, sumOf } from "./rows.ts";

const accumulate: Action = (_, { rows }) => {
  const values = rows.map(([, value]) => value);
  return action({
    description: "forEach(adds to accumulators of each kind)",
    expected: [values.length, sumOf(values), Math.max(-Infinity, ...values)]
      .map(nameOf)
      .concat(values.map(nameOf).toSorted()),
    async run(rdd, { gc }) {
      const [count, sum] = [gc.longAccumulator(), gc.doubleAccumulator()];
      const all = gc.collectionAccumulator<number>();
      const greatest = gc.accumulator(-Infinity, (a, b) => Math.max(a, b));
      await rdd.forEach(([, value]) => {
        count.add(1);
        sum.add(value);
        all.add(value);
        greatest.add(value);
      });
      return { numbers: [count.value, sum.value, greatest.value], all: all.value };
    },
    promised: ({ numbers, all }) => numbers.map(nameOf).concat(all.map(nameOf).toSorted()),
  });
};

const accumulateByPartition: Action = (_, { rows }) =>
  action({
    description: "forEachPartition(adds to accumulators)",
    expected: { length: rows.length, isOnce: true },
    async run(rdd, { gc }) {
      const [length, partitions] = [gc.longAccumulator(), gc.collectionAccumulator<number>()];
      await rdd.forEachPartition((elements) => {
        partitions.add(taskContext().partition);
        for (const _row of elements) length.add(1);
      });
      const numbers = partitions.value.toSorted((a, b) => a - b);
      const isOnce = numbers.length === (await rdd.getNumPartitions()) && numbers.every((each, at) => each === at);
      return { length: length.value, isOnce };
    },
  });

/** What tasks see of the properties that were set where their action was called. */
const properties: Action = (_, { rows }) => {
  return action({
    description: "collect() withProperties",
    expected: rows.length === 0 ? [] : [nameOf(["a", "yes", "undefined"])],
    run: (rdd, { gc }) =>
      gc.withProperties({ tenant: "a" }, async () => {
        gc.setJobGroup("pipelines");
        gc.setJobDescription("collects");
        gc.setLocalProperty("late", "yes");
        const names = ["tenant", "late", "never"];
        const found = rdd.map(() => names.map((name) => String(taskContext().getLocalProperty(name))));
        return [...new Set((await found.collect()).map(nameOf))];
      }),
  });
};

const persistAround: Action = (_, { rows }) =>
  action({
    description: "filter(all).persist(), counted three times, unpersisted and disposed between",
    expected: { counts: [rows.length, rows.length, rows.length], levels: ["NONE", "MEMORY_AND_DISK", "NONE"] },
    async run(rdd) {
      const kept = rdd.filter(() => true);
      const levels: string[] = [kept.getStorageLevel()];
      kept.persist("MEMORY_AND_DISK");
      levels.push(kept.getStorageLevel());
      const counts = [await kept.count(), await kept.count()];
      levels.push(kept.unpersist().getStorageLevel());
      counts.push(await kept.count());
      kept.dispose();
      return { counts, levels };
    },
  });

/** What an RDD says of itself, on each master the same but for ids and hosts. */
const description: Action = () =>
  action({
    description: "setName, toDebugString, dependencies, getNumPartitions and preferredLocations",
    expected: [true, ["narrow"], true, false],
    async run(rdd) {
      const named = rdd.filter(() => true).setName("a name of its own");
      const partitions = await named.getNumPartitions();
      const places = partitions === 0 ? [] : await named.preferredLocations(partitions - 1);
      const isNamed = named.toDebugString().includes("a name of its own");
      const kinds = named.dependencies.map(({ kind }) => kind);
      return { partitions, known: [isNamed, kinds, Array.isArray(places), named.isCheckpointed] };
    },
    promised: ({ known }) => known,
  });

/** Actions for their effects, on executors or on the RDD. */
export const effectActions: readonly Action[] = [
  accumulate,
  accumulate,
  accumulateByPartition,
  properties,
  persistAround,
  description,
];
