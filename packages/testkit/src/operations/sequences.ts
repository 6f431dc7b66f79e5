/** Lengths and partition counts that operations are tried with: empty partitions, single elements, several batches. */
export const shapes: readonly { readonly length: number; readonly partitions: number }[] = [
  { length: 0, partitions: 1 },
  { length: 0, partitions: 3 },
  { length: 1, partitions: 2 },
  { length: 20, partitions: 3 },
  { length: 10_000, partitions: 4 },
];

/** The numbers from 0 to below `length`. */
export function numbers(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

/** Words of which many come again. */
export function words(length: number): string[] {
  return numbers(length).map((i) => `word ${(i * 7919) % 97}`);
}

/** Pairs of such words and a number each. */
export function wordPairs(length: number): [string, number][] {
  return words(length).map((word, i) => [word, i]);
}

/** The values of each key, in their order: what grouping means. */
export function grouped<K, V>(pairs: Iterable<readonly [K, V]>): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/** The slices that `parallelize` cuts. */
export function sliced<T>(elements: readonly T[], partitions: number): T[][] {
  return numbers(partitions).map((partition) =>
    elements.slice(
      Math.floor((partition * elements.length) / partitions),
      Math.floor(((partition + 1) * elements.length) / partitions),
    ),
  );
}

/** Elements in an order of their own, for results whose order is not promised. */
export function canonical(elements: readonly unknown[]): string[] {
  return elements.map((element) => JSON.stringify(element)).toSorted();
}
