import { partitionsOf, type Operation } from "./operation.ts";
import { grouped, nameOf, type Row } from "./rows.ts";

const distinctRows = (rows: readonly Row[]): Row[] => [...new Map(rows.map((row) => [nameOf(row), row])).values()];

// Which rows a sample has, the model does not know: with all rows, each once, a sample of them changes nothing.

const sample: Operation = (random, { rows }) => {
  const replacement = random.nextInt(2) === 0;
  const [fraction, seed, partitions] = [random.next(), random.nextInt(1000), partitionsOf(random)];
  return {
    description: `union(sample(${replacement}, ${fraction}, ${seed})).distinct(${partitions})`,
    rows: distinctRows(rows),
    build: (rdd) => rdd.union(rdd.sample(replacement, fraction, seed)).distinct(partitions),
  };
};

const sampleByKey: Operation = (random, { rows }) => {
  const replacement = random.nextInt(2) === 0;
  const [fraction, seed, partitions] = [random.next(), random.nextInt(1000), partitionsOf(random)];
  const fractions = new Map(grouped(rows).map(([key]) => [key, fraction]));
  return {
    description: `union(sampleByKey(${replacement}, ${fraction} of each key, ${seed})).distinct(${partitions})`,
    rows: distinctRows(rows),
    build: (rdd) => rdd.union(rdd.sampleByKey(replacement, fractions, seed)).distinct(partitions),
  };
};

const sampleExactly: Operation = (random, { rows }) => {
  const fraction = (1 + random.nextInt(4)) / 4;
  const [seed, partitions] = [random.nextInt(1000), partitionsOf(random)];
  const groups = grouped(rows);
  const fractions = new Map(groups.map(([key]) => [key, fraction]));
  return {
    description: `sampleByKey(false, ${fraction} of each key, { seed: ${seed}, exact: true }), counted by key`,
    rows: groups.map(([key, values]) => [key, Math.ceil(values.length * fraction)]),
    build: (rdd) =>
      rdd
        .sampleByKey(false, fractions, { seed, exact: true })
        .mapValues(() => 1)
        .reduceByKey((a, b) => a + b, partitions),
  };
};

/** Operations that take some rows at random. */
export const sampleOperations: readonly Operation[] = [sample, sampleByKey, sampleExactly];
