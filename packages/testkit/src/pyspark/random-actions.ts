import type { Random } from "@gloam/common";
import { furtherActions } from "./further-actions.ts";
import type { Action, Dataset, Promised } from "./pipeline.ts";
import { chosen, isKey, isOrdered, isPair, largestFloat } from "./shapes.ts";

/** Actions upon a dataset: one that shows all of it, and two others. */
export function randomActions(random: Random, dataset: Dataset): Action[] {
  const others = [...otherActions(random, dataset), chosen(random, countings(dataset))];
  return [collect(random, dataset), chosen(random, others), chosen(random, furtherActions(random, dataset))];
}

/** Sums of so many numbers in two orders differ by no more than this: each addition rounds by half of 2^-52 of its sum. */
function toleranceOf({ most }: Dataset): number {
  return most * Number.EPSILON * (most * largestFloat);
}

function collect(random: Random, dataset: Dataset): Action {
  const { shape, order } = dataset;
  const promise: Promised =
    isPair(shape) && shape.value === "rough"
      ? "roughValues"
      : order === "exact"
        ? "exact"
        : order === "key"
          ? "keyOrder"
          : "elements";
  const op = chosen(random, ["collect", "collect", "collect", "toLocalIterator"]);
  return promise === "roughValues" ? { op, promise, tolerance: toleranceOf(dataset) } : { op, promise };
}

/** Those that every dataset has. */
function countings({ partitions }: Dataset): Action[] {
  const ops = ["count", "isEmpty", ...(partitions === undefined ? [] : ["getNumPartitions"])];
  return ops.map((op) => ({ op, promise: "exact" }));
}

function otherActions(random: Random, dataset: Dataset): Action[] {
  const { shape, order, laidOut } = dataset;
  const count = random.nextInt(12);
  const isExact = order === "exact";
  const actions: Action[] = [];
  if (isExact) actions.push({ op: "take", count, promise: "exact" }, { op: "first", promise: "exact" });
  if (isOrdered(shape)) {
    actions.push({ op: "top", count, promise: "exact" }, { op: "takeOrdered", count, promise: "exact" });
  }
  if (isPair(shape) && isKey(shape.key)) actions.push({ op: "countByKey", promise: "elements" });
  if (shape === "int" || shape === "eighth") {
    // Nothing is rounded, whatever the order.
    actions.push(
      { op: "sum", promise: "exact" },
      { op: "reduce", call: { name: "sum" }, promise: "exact" },
      { op: "fold", call: { name: "sum" }, zero: 0, promise: "exact" },
      { op: "aggregate", call: { name: "modulo", by: 64 }, zero: [0, 0], promise: "exact" },
    );
  }
  if (shape === "float") {
    // Each partition is added up in its order and then the partitions in theirs, so every bit is the same; but Python's own
    // `sum`, which PySpark's is made of, makes up for rounding from Python 3.12 on.
    const tolerance = toleranceOf(dataset);
    const summed =
      isExact && laidOut ? ({ promise: "exact" } as const) : ({ promise: "roughNumber", tolerance } as const);
    actions.push(
      { op: "sum", promise: "roughNumber", tolerance },
      { op: "reduce", call: { name: "sum" }, ...summed },
      { op: "fold", call: { name: "sum" }, zero: 0, ...summed },
      { op: "reduce", call: { name: "largest" }, promise: "exact" },
    );
  }
  if (shape === "text" && isExact) {
    actions.push({ op: "reduce", call: { name: "concatenate" }, promise: "exact" });
    actions.push({ op: "fold", call: { name: "concatenate" }, zero: "", promise: "exact" });
  }
  // Rarely met, so that it is taken where it is.
  if (shape === "text" && isExact) return [{ op: "saveAsTextFile", promise: "exact" }, chosen(random, actions)];
  return actions;
}
