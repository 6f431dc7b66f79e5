import type { Rdd } from "gloam";
import type { Place } from "../pipelines/place.ts";
import { binary, unary } from "./calls.ts";
import type { Action } from "./pipeline.ts";
import type { Value } from "./shapes.ts";

type Pairs = Rdd<readonly [Value, Value]>;
type Act = (rdd: Rdd<Value>, action: Action, place: Place) => Promise<unknown>;

/** Of numbers; null where there is nothing to say, which PySpark calls 0 or NaN. */
const ofNumbers =
  (act: (numbers: Rdd<number>) => Promise<number>): Act =>
  async (rdd) => {
    if (await rdd.isEmpty()) return null;
    const number = await act(rdd as unknown as Rdd<number>);
    return Number.isNaN(number) ? null : number;
  };

const timeout = 600_000;

/** Actions of `further-actions.ts`. */
export const gloamActions: Readonly<Record<string, Act>> = {
  mean: ofNumbers((numbers) => numbers.mean()),
  variance: ofNumbers((numbers) => numbers.variance()),
  stdev: ofNumbers((numbers) => numbers.stdev()),
  sampleVariance: ofNumbers((numbers) => numbers.sampleVariance()),
  sampleStdev: ofNumbers((numbers) => numbers.sampleStdev()),
  sumApprox: ofNumbers(async (numbers) => (await numbers.sumApprox(timeout)).initialValue.mean),
  meanApprox: ofNumbers(async (numbers) => (await numbers.meanApprox(timeout)).initialValue.mean),
  countApprox: async (rdd) => (await rdd.countApprox(timeout)).initialValue.mean,
  countApproxDistinct: async (rdd) => {
    const exact = await rdd.distinct().count();
    return Number(Math.abs((await rdd.countApproxDistinct(0.05)) - exact) <= 1 + 0.3 * exact);
  },
  stats: async (rdd) => {
    const { count, min, max } = await (rdd as unknown as Rdd<number>).stats();
    return count === 0 ? [0] : [count, min, max];
  },
  histogram: async (rdd, { bounds }) => {
    const { buckets, counts } = await (rdd as unknown as Rdd<number>).histogram(bounds!);
    return [buckets, counts];
  },
  max: (rdd) => rdd.max(),
  min: (rdd) => rdd.min(),
  treeReduce: (rdd, { call, count }) => rdd.treeReduce(binary(call!), { depth: count }),
  treeAggregate: (rdd, { call, zero, count }) =>
    rdd.treeAggregate(
      zero as unknown as [number, number],
      ([sum, length], value) => [sum + (unary(call!)(value) as number), length + 1],
      ([a, m], [b, n]) => [a + b, m + n],
      { depth: count },
    ),
  forEach: async (rdd, _, { gc }) => {
    const sum = gc.doubleAccumulator();
    await rdd.forEach((value) => sum.add(value as number));
    return sum.value;
  },
  forEachPartition: async (rdd, _, { gc }) => {
    const length = gc.longAccumulator();
    await rdd.forEachPartition((elements) => length.add([...elements].length));
    return length.value;
  },
  runJob: (rdd, _, { gc }) => gc.runJob(rdd, (elements) => [...elements].length),
  takeSample: async (rdd, { count }) => (await rdd.takeSample(false, count!, 7)).length,
  countByValue: async (rdd) => [...(await rdd.countByValue())],
  lookup: (rdd, { key }) => (rdd as unknown as Pairs).lookup(key!),
  collectAsMap: async (rdd) => [...(await (rdd as unknown as Pairs).collectAsMap())],
  reduceByKeyLocally: async (rdd, { call }) => [...(await (rdd as unknown as Pairs).reduceByKeyLocally(binary(call!)))],
};
