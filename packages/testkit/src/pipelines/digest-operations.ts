import { partitionsOf, type Operation } from "./operation.ts";
import { compare, grouped, nameOf, type Row } from "./rows.ts";

/** The relative standard deviations that `countApproxDistinctByKey` was asked for, and `adcountByKey` has. */
const deviations = { countApproxDistinctByKey: 0.02, adcountByKey: 0.004 } as const;

/** Counts of each key's distinct values, where what is counted about is off by six standard deviations at most. */
const distinctByKey =
  (name: keyof typeof deviations): Operation =>
  (random, { rows }) => {
    const partitions = partitionsOf(random);
    const deviation = deviations[name];
    const distinct = [...new Map(rows.map((row) => [nameOf(row), row])).values()];
    return {
      description: `${name}(${partitions}), joined with exact counts`,
      rows: grouped(distinct).map(([key, values]): Row => [key, values.length]),
      build(rdd) {
        const about =
          name === "adcountByKey" ? rdd.adcountByKey(partitions) : rdd.countApproxDistinctByKey(deviation, partitions);
        const exact = rdd.distinct(partitions).mapValues(() => 1).reduceByKey((a, b) => a + b, partitions); // prettier-ignore
        return about
          .join(exact, partitions)
          .filter(([, [estimate, count]]) => Math.abs(estimate - count) <= 1 + 6 * deviation * count)
          .mapValues(([, count]) => count);
      },
    };
  };

const percentilesByKey: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return {
    description: `percentilesByKey([0, 50, 100], { partitions: ${partitions} }).flatMapValues()`,
    rows: grouped(rows).flatMap(([key, values]): Row[] => {
      const sorted = values.toSorted(compare);
      const [below, above] = [Math.floor, Math.ceil].map((round) => sorted[round((sorted.length - 1) / 2)]!);
      return [sorted[0]!, (below! + above!) / 2, sorted.at(-1)!].map((value): Row => [key, value]);
    }),
    // Of twice as many values for a key, and more than there are, none is left out.
    build: (rdd) =>
      rdd.percentilesByKey([0, 50, 100], { compression: 1000, partitions }).flatMapValues((percentiles) => percentiles),
  };
};

/** Operations that count and rank about. */
export const digestOperations: readonly Operation[] = [
  distinctByKey("countApproxDistinctByKey"),
  distinctByKey("adcountByKey"),
  percentilesByKey,
];
