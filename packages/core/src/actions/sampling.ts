import { createRandom, deriveSeed, type Random } from "@gloam/common";
import { collectedRows, collectSink, countSink, pickNode } from "@gloam/plan";
import { checkInteger, checkNumber } from "../arguments.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * So many elements at random, in random order: exactly `n` of them, or without replacement all where there are fewer. Two
     * jobs: one counts the elements, one computes the chosen ones, in their partitions alone and no further than the last of
     * them; cache what is dear to compute twice. No shuffle. The same seed chooses the same elements of the same partitions.
     *
     * @param withReplacement Whether an element may be taken several times.
     * @param n How many; they come into this process's memory.
     * @param seed Any number; a random one when left out.
     *
     * @example
     * (await gc.range(100).takeSample(false, 3, 7)).length; // 3
     * (await gc.range(2).takeSample(true, 5)).length; // 5
     */
    takeSample(withReplacement: boolean, n: number, seed?: number, options?: ActionOptions): Promise<T[]>;
  }
}

Rdd.prototype.takeSample = async function <T>(
  this: Rdd<T>,
  withReplacement: boolean,
  n: number,
  seed: number = this.context.random.nextInt(2 ** 32),
  options?: ActionOptions,
): Promise<T[]> {
  const operation = new Operation(this.context, "takeSample");
  checkInteger(operation, "n", n, 0);
  checkNumber(operation, "seed", seed);
  const { jobs } = this.context;
  const { node } = this;
  if (n === 0) return [];
  return jobs.holding(node, async () => {
    const counts = (await jobs.results(operation, node, countSink(), options)) as number[];
    const total = counts.reduce((sum, count) => sum + count, 0);
    const random = createRandom(deriveSeed(seed, 0));
    const chosen = withReplacement ? repeatedly(n, total, random) : distinctly(n, total, random);
    const places = placesOf(chosen, counts);
    const picked = pickNode(operation, node, (partition) => places.get(partition)?.positions);
    const partitions = [...places.keys()];
    const results = await jobs.results(operation, picked, collectSink(), options, partitions);
    const elements = new Map<number, T>();
    for (const [i, result] of results.entries()) {
      const { start, positions } = places.get(partitions[i]!)!;
      for (const [at, element] of (collectedRows(result) as T[]).entries())
        elements.set(start + positions[at]!, element);
    }
    return chosen.flatMap((index) => (elements.has(index) ? [elements.get(index) as T] : []));
  });
};

/** `n` indices below `total`, equal ones among them. */
function repeatedly(n: number, total: number, random: Random): number[] {
  return total === 0 ? [] : Array.from({ length: n }, () => below(total, random));
}

/** `n` indices below `total`, or all, in random order: the first steps of Fisher and Yates's shuffle, which move few. */
function distinctly(n: number, total: number, random: Random): number[] {
  const moved = new Map<number, number>();
  return Array.from({ length: Math.min(n, total) }, (_, i) => {
    const at = i + below(total - i, random);
    const index = moved.get(at) ?? at;
    moved.set(at, moved.get(i) ?? i);
    return index;
  });
}

function below(bound: number, random: Random): number {
  return bound <= 2 ** 32 ? random.nextInt(bound) : Math.floor(random.next() * bound);
}

/** The elements to take of a partition. */
interface Places {
  /** The index of the partition's first element. */
  readonly start: number;
  /** Ascending, each once. */
  readonly positions: Float64Array;
}

/** Where indices lie, by partition; those without any are left out. */
function placesOf(indices: readonly number[], counts: readonly number[]): Map<number, Places> {
  const sorted = Float64Array.from(new Set(indices)).sort();
  const places = new Map<number, Places>();
  let start = 0;
  let from = 0;
  for (const [partition, count] of counts.entries()) {
    let to = from;
    while (to < sorted.length && sorted[to]! < start + count) to++;
    if (to > from) places.set(partition, { start, positions: sorted.slice(from, to).map((index) => index - start) });
    start += count;
    from = to;
  }
  return places;
}
