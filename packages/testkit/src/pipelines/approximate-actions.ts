import type { BoundedNumber, PartialResult, Rdd } from "gloam";
import { action, type Action } from "./action.ts";
import { nameOf, sumOf, type Row } from "./rows.ts";

/** Longer than any job takes. */
const timeout = 600_000;

const kinds = {
  countApprox: { of: (rows) => rows.length, run: (rdd) => rdd.countApprox(timeout) },
  sumApprox: { of: (rows) => sumOf(valuesOf(rows)), run: (rdd) => rdd.values().sumApprox(timeout) },
  meanApprox: { of: (rows) => sumOf(valuesOf(rows)) / rows.length, run: (rdd) => rdd.values().meanApprox(timeout) },
} satisfies Record<
  string,
  { of(rows: readonly Row[]): number; run(rdd: Rdd<Row>): Promise<PartialResult<BoundedNumber>> }
>;

function valuesOf(rows: readonly Row[]): number[] {
  return rows.map(([, value]) => value);
}

/** With enough time, what is approximated is exact at once. */
const bounded: Action = (random, { rows }) => {
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const name = names[random.nextInt(names.length)]!;
  const { of, run } = kinds[name];
  const exact = of(rows);
  const tolerance = 1e-9 * Math.max(1, Math.abs(exact));
  return action({
    description: `${name}(${timeout})`,
    expected: { isRight: true, bounds: true, confidence: 1, isFinal: true, isSame: true },
    async run(rdd) {
      const { initialValue, isInitialValueFinal, finalValue } = await run(rdd);
      return { initialValue, isInitialValueFinal, finalValue: await finalValue };
    },
    promised: ({ initialValue, isInitialValueFinal, finalValue }) => ({
      isRight: Number.isNaN(exact) ? Number.isNaN(finalValue.mean) : Math.abs(finalValue.mean - exact) <= tolerance,
      bounds: nameOf([finalValue.low, finalValue.high]) === nameOf([finalValue.mean, finalValue.mean]),
      confidence: finalValue.confidence,
      isFinal: isInitialValueFinal,
      isSame: nameOf(Object.values(initialValue)) === nameOf(Object.values(finalValue)),
    }),
  });
};

/** Asked for little time, it may know nothing yet; in the end it is exact. */
const early: Action = (_, { rows }) =>
  action({
    description: "countApprox(0), and in the end",
    expected: { mean: rows.length, confidence: 1 },
    async run(rdd) {
      const { finalValue } = await rdd.countApprox(0);
      const { mean, confidence } = await finalValue;
      return { mean, confidence };
    },
  });

const distinct: Action = (_, { rows }) => {
  const deviation = 0.02;
  const exact = new Set(rows.map(nameOf)).size;
  return action({
    description: `countApproxDistinct(${deviation})`,
    expected: true,
    run: (rdd) => rdd.countApproxDistinct(deviation),
    promised: (count) => Math.abs(count - exact) <= 1 + 6 * deviation * exact,
  });
};

/** Of many numbers percentiles are known about: their ranks are off by what the documentation of `compression` says. */
const percentiles: Action = (random, { rows }) => {
  const [compression, percent] = [100, random.nextInt(101)];
  const off = (4 * Math.PI * Math.sqrt(percent * (100 - percent))) / compression + 200 / (rows.length + 1);
  const shareOf = (is: (value: number) => boolean): number => (100 * valuesOf(rows).filter(is).length) / rows.length;
  return action({
    description: `values().percentiles([${percent}], { compression: ${compression} })`,
    expected: true,
    run: (rdd) => rdd.values().percentiles([percent], { compression }),
    promised: ([found = NaN]) =>
      rows.length === 0
        ? Number.isNaN(found)
        : shareOf((value) => value < found) <= percent + off && shareOf((value) => value <= found) >= percent - off,
  });
};

/** Actions whose outcomes are known about. */
export const approximateActions: readonly Action[] = [bounded, bounded, early, distinct, percentiles];
