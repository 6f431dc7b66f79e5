/** Keys in order, each of which stands for as many rows. */
export interface SampleList {
  readonly length: number;
  readonly at: (index: number) => unknown;
  /** The rows of one key. */
  readonly weight: number;
}

/**
 * The first of all lists' keys by which, with it and those before it, more than `wanted` rows are behind; undefined where there
 * is none. Looks at a few keys of each list: nothing is merged or sorted.
 */
export function sampleQuantile(
  lists: readonly SampleList[],
  wanted: number,
  compare: (a: unknown, b: unknown) => number,
): { readonly key: unknown } | undefined {
  // The keys that may be it.
  let from = lists.map(() => 0);
  let to = lists.map(({ length }) => length);
  let best: { readonly key: unknown } | undefined;
  for (;;) {
    const candidate = middle(lists, from, to);
    if (candidate === undefined) return best;
    const { key } = candidate;
    const behind = lists.map((list, index) => search(from[index]!, to[index]!, (at) => compare(list.at(at), key) <= 0));
    const rows = lists.reduce((sum, { weight }, index) => sum + behind[index]! * weight, 0);
    if (rows > wanted) {
      best = candidate;
      to = lists.map((list, index) => search(from[index]!, behind[index]!, (at) => compare(list.at(at), key) < 0));
    } else {
      from = behind;
    }
  }
}

/** The middle one of the lists' keys `from .. to`, one list after the other. */
function middle(
  lists: readonly SampleList[],
  from: readonly number[],
  to: readonly number[],
): { readonly key: unknown } | undefined {
  let count = 0;
  for (let index = 0; index < lists.length; index++) count += to[index]! - from[index]!;
  let rest = count >> 1;
  for (let index = 0; index < lists.length; index++) {
    const length = to[index]! - from[index]!;
    if (rest < length) return { key: lists[index]!.at(from[index]! + rest) };
    rest -= length;
  }
  return undefined;
}

/** The first number of `from .. to` for which a condition does not hold that holds for those before it; `to` where it always does. */
function search(from: number, to: number, holds: (at: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const at = (low + high) >> 1;
    if (holds(at)) low = at + 1;
    else high = at;
  }
  return low;
}
