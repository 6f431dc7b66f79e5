/** Keys in order, each of which stands for as many rows. */
export interface SampleList {
  readonly length: number;
  readonly at: (index: number) => unknown;
  /** The rows of one key. */
  readonly weight: number;
}

/**
 * The first of all lists' keys by which, with it and those before it, more than `wanted` rows are behind, else the last;
 * undefined where there are no keys. Looks at a few keys of each list: nothing is merged or sorted. Gives one of the keys
 * whatever `compare` says.
 */
export function sampleQuantile(
  lists: readonly SampleList[],
  wanted: number,
  compare: (a: unknown, b: unknown) => number,
): { readonly key: unknown } | undefined {
  // The keys that may be it.
  let from = lists.map(() => 0);
  let to = lists.map(({ length }) => length);
  let found: { readonly key: unknown } | undefined;
  let last: { readonly key: unknown } | undefined;
  for (;;) {
    const place = middle(from, to);
    if (place === undefined) return found ?? last;
    const key = lists[place.list]!.at(place.at);
    last = { key };
    const behind = lists.map((list, index) => search(from[index]!, to[index]!, (at) => compare(list.at(at), key) <= 0));
    // Comparisons of users say of equal keys what they like: this one is sorted out in any case.
    behind[place.list] = Math.max(behind[place.list]!, place.at + 1);
    const rows = lists.reduce((sum, { weight }, index) => sum + behind[index]! * weight, 0);
    if (rows > wanted) {
      found = last;
      to = lists.map((list, index) => search(from[index]!, behind[index]!, (at) => compare(list.at(at), key) < 0));
      to[place.list] = Math.min(to[place.list]!, place.at);
    } else {
      from = behind;
    }
  }
}

/** The middle one of the lists' keys `from .. to`, one list after the other. */
function middle(
  from: readonly number[],
  to: readonly number[],
): { readonly list: number; readonly at: number } | undefined {
  let rest = to.reduce((sum, end, list) => sum + end - from[list]!, 0) >> 1;
  for (let list = 0; list < to.length; list++) {
    const length = to[list]! - from[list]!;
    if (rest < length) return { list, at: from[list]! + rest };
    rest -= length;
  }
  return undefined;
}

/** The first number of `from .. to` for which a condition does not hold that holds for those before it; else `to`. */
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
