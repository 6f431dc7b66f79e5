import type { PlanNode } from "./node.ts";

/**
 * A number of partitions that may be known only after sources were prepared. Children with the same number share their
 * parent's object: asking is never a walk, and two counts that are one object are known to be equal before they are known.
 */
export interface PartitionCount {
  /** Whether `value()` may be asked for already. */
  readonly known: boolean;
  /** The number; the ancestors have been prepared. */
  value(): number;
}

/** A number that is known from the start. */
export function fixedCount(partitions: number): PartitionCount {
  return { known: true, value: () => partitions };
}

/**
 * A number that follows from others, computed once. It counts as unknown until it has been asked for, unless all the
 * others were known when it was made.
 */
export function derivedCount(
  from: readonly PartitionCount[],
  derive: (...counts: readonly number[]) => number,
): PartitionCount {
  const compute = (): number => derive(...from.map((count) => count.value()));
  if (from.every((count) => count.known)) return fixedCount(compute());
  return new OnceCount(compute);
}

/** The largest of several counts: one object where they are one object. */
export function largestCount(counts: readonly PartitionCount[]): PartitionCount {
  const distinct = [...new Set(counts)];
  const [only] = distinct;
  return only !== undefined && distinct.length === 1 ? only : derivedCount(distinct, (...all) => Math.max(0, ...all));
}

/** The count, or one where it is zero: the number of parts that keys are spread over. One object for each count. */
export function atLeastOne(count: PartitionCount): PartitionCount {
  if (count instanceof AtLeastOne || (count.known && count.value() > 0)) return count;
  let bounded = boundedCounts.get(count);
  if (bounded === undefined) boundedCounts.set(count, (bounded = new AtLeastOne(count)));
  return bounded;
}

const boundedCounts = new WeakMap<PartitionCount, PartitionCount>();

/** Whether two counts are known to be equal. */
export function sameCount(a: PartitionCount, b: PartitionCount): boolean {
  return a === b || (a.known && b.known && a.value() === b.value());
}

/** A node that shares its count with others. */
export interface Counted {
  readonly count: PartitionCount;
}

const foreignCounts = new WeakMap<PlanNode, PartitionCount>();

/** The count of any node; one object for each node that brings none of its own, such as a source. */
export function countOf(node: PlanNode & Partial<Counted>): PartitionCount {
  if (node.count !== undefined) return node.count;
  let count = foreignCounts.get(node);
  if (count === undefined) {
    count = node.prepare === undefined ? fixedCount(node.partitionCount()) : new OnceCount(() => node.partitionCount());
    foreignCounts.set(node, count);
  }
  return count;
}

class OnceCount implements PartitionCount {
  #value: number | undefined;
  readonly #compute: () => number;

  constructor(compute: () => number) {
    this.#compute = compute;
  }

  get known(): boolean {
    return this.#value !== undefined;
  }

  value(): number {
    return (this.#value ??= this.#compute());
  }
}

class AtLeastOne implements PartitionCount {
  readonly #count: PartitionCount;

  constructor(count: PartitionCount) {
    this.#count = count;
  }

  get known(): boolean {
    return this.#count.known;
  }

  value(): number {
    return Math.max(1, this.#count.value());
  }
}
