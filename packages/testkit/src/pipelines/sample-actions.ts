import { action, areAmong, isPart, type Action } from "./action.ts";
import { grouped, nameOf, type Row } from "./rows.ts";

// Which rows are taken, the model does not know; that they are the same on every master is seen where outcomes are compared.

/** Whether a number of rows is likely to be taken of so many: six standard deviations and some rows off at most. */
function isLikely(taken: number, rows: number, fraction: number): boolean {
  return Math.abs(taken - rows * fraction) <= 6 * Math.sqrt(rows * fraction) + 6;
}

function isSample(sample: readonly Row[], rows: readonly Row[], replacement: boolean, fraction: number): boolean {
  const areRows = replacement ? areAmong(sample, rows) : isPart(sample, rows);
  return areRows && isLikely(sample.length, rows.length, fraction);
}

const sample: Action = (random, { rows }) => {
  const replacement = random.nextInt(2) === 0;
  const [fraction, seed] = [random.next(), random.nextInt(1000)];
  return action({
    description: `sample(${replacement}, ${fraction}, ${seed})`,
    expected: true,
    run: (rdd) => rdd.sample(replacement, fraction, seed).collect(),
    promised: (taken) => isSample(taken, rows, replacement, fraction),
  });
};

const sampleByKey: Action = (random, { rows }) => {
  const replacement = random.nextInt(2) === 0;
  const seed = random.nextInt(1000);
  const fractions = new Map(grouped(rows).map(([key]) => [key, random.next()]));
  const byName = new Map([...fractions].map(([key, fraction]) => [nameOf(key), fraction]));
  const ofKey = (all: readonly Row[], name: string): Row[] => all.filter(([key]) => nameOf(key) === name);
  return action({
    description: `sampleByKey(${replacement}, fractions, ${seed})`,
    expected: true,
    run: (rdd) => rdd.sampleByKey(replacement, fractions, seed).collect(),
    promised: (taken) =>
      areAmong(taken, rows) &&
      [...byName].every(([name, fraction]) => isSample(ofKey(taken, name), ofKey(rows, name), replacement, fraction)),
  });
};

const takeSample: Action = (random, { rows }) => {
  const replacement = random.nextInt(2) === 0;
  const [n, seed] = [random.nextInt(40), random.nextInt(1000)];
  const length = replacement ? (rows.length === 0 ? 0 : n) : Math.min(n, rows.length);
  return action({
    description: `takeSample(${replacement}, ${n}, ${seed})`,
    expected: { length, areRows: true },
    run: (rdd) => rdd.takeSample(replacement, n, seed),
    promised: (taken) => ({
      length: taken.length,
      areRows: replacement ? areAmong(taken, rows) : isPart(taken, rows),
    }),
  });
};

const randomSplit: Action = (random, { rows }) => {
  const seed = random.nextInt(1000);
  return action({
    description: `randomSplit([1, 2, 3], ${seed})`,
    expected: rows.map(nameOf).toSorted(),
    run: (rdd) => Promise.all(rdd.randomSplit([1, 2, 3], seed).map((part) => part.collect())),
    promised: (parts) => parts.flat().map(nameOf).toSorted(),
  });
};

/** Actions that take rows at random. */
export const sampleActions: readonly Action[] = [sample, sampleByKey, takeSample, randomSplit];
