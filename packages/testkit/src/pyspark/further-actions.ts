import type { Random } from "@gloam/common";
import type { Action, Dataset } from "./pipeline.ts";
import { chosen, isKey, isNumber, isOrdered, isPair, largestFloat, randomValue } from "./shapes.ts";
import { randomAddition } from "./typed-calls.ts";

/** Of means and squares of numbers in two orders. */
function momentTolerance({ shape, most }: Dataset): number {
  return shape === "float" ? most * most * Number.EPSILON * largestFloat ** 2 : 1e-6;
}

function numberActions(random: Random, dataset: Dataset): Action[] {
  const tolerance = momentTolerance(dataset);
  const moments = ["mean", "variance", "stdev", "sampleVariance", "sampleStdev", "sumApprox", "meanApprox"];
  const rough = moments.map((op): Action => ({ op, promise: "roughNumber", tolerance }));
  const bounds = Array.from({ length: 2 + random.nextInt(4) }, (_, i) => i * i * 3 - 9);
  const exact: Action[] = [
    { op: "histogram", bounds, promise: "exact" },
    ...(dataset.shape === "float"
      ? []
      : ([
          { op: "histogram", bounds: chosen(random, [1, 2, 4]), promise: "exact" },
          { op: "treeReduce", count: 1 + random.nextInt(3), call: { name: "sum" }, promise: "exact" },
          {
            op: "treeAggregate",
            count: 1 + random.nextInt(3),
            call: { name: "modulo", by: 64 },
            zero: [0, 0],
            promise: "exact",
          },
          { op: "forEach", promise: "exact" },
          { op: "stats", promise: "exact" },
        ] as const)),
  ];
  return [...exact, ...Array.from({ length: exact.length }, () => chosen(random, rough))];
}

function pairActions(random: Random, dataset: Dataset): Action[] {
  const { shape, order } = dataset;
  if (!isPair(shape) || !isKey(shape.key)) return [];
  const addition = randomAddition(random, shape.value);
  return [
    ...(isKey(shape.value)
      ? [{ op: "lookup", key: randomValue(random, shape.key), promise: "elements" } as const]
      : []),
    // Of equal keys, the last value stays.
    ...(order === "exact" ? [{ op: "collectAsMap", promise: "elements" } as const] : []),
    ...(addition === undefined || addition.to === "rough"
      ? []
      : [{ op: "reduceByKeyLocally", call: addition.call, promise: "elements" } as const]),
  ];
}

/** One of the actions of this file, or several. */
export function furtherActions(random: Random, dataset: Dataset): Action[] {
  const { shape, laidOut, partitions } = dataset;
  const any: Action[] = [
    { op: "takeSample", count: random.nextInt(12), promise: "exact" },
    { op: "countApprox", promise: "exact" },
    { op: "forEachPartition", promise: "exact" },
    ...(isKey(shape)
      ? ([
          { op: "countByValue", promise: "elements" },
          { op: "countApproxDistinct", promise: "exact" },
        ] as const)
      : []),
    ...(isOrdered(shape)
      ? ([
          { op: "max", promise: "exact" },
          { op: "min", promise: "exact" },
        ] as const)
      : []),
    ...(laidOut && partitions !== undefined ? ([{ op: "runJob", promise: "exact" }] as const) : []),
  ];
  return [
    chosen(random, any),
    chosen(random, any),
    ...(isNumber(shape) ? numberActions(random, dataset) : []),
    ...pairActions(random, dataset),
  ];
}
