import { compareKeys, type KernelContext } from "@gloam/plan";
import { functionOf, type UserFunction } from "./kernel-data.ts";

/** The functions that keep the last values of an order. A combiner is an array of them, the very last first, which they change. */
export interface TopCombiner {
  readonly create: UserFunction;
  readonly mergeValue: UserFunction;
  readonly mergeCombiners: UserFunction;
}

/**
 * Combines the values of a key into the `limit` last of the order that role `compare` gives, or that of keys: of the values, or of what
 * role `key` makes of them. Equal values come in the order of their coming.
 */
export function topCombiner(context: KernelContext, limit: number): TopCombiner {
  const compare = functionOf(context, "compare")?.call;
  const key = functionOf(context, "key")?.call;
  const ordering = compare ?? (key === undefined ? compareKeys : context.instantiate(compareBy)(key, compareKeys));
  return context.instantiate(keepLast)(limit, ordering as (a: unknown, b: unknown) => number);
}

// Templates: self-contained, compiled anew for each set of user functions.

function compareBy(key: UserFunction, compare: (a: unknown, b: unknown) => number): UserFunction {
  return (a, b) => compare(key(a), key(b));
}

function keepLast(limit: number, compare: (a: unknown, b: unknown) => number): TopCombiner {
  function insert(list: unknown[], value: unknown): boolean {
    const { length } = list;
    if (length === limit && compare(list[length - 1], value) >= 0) return false;
    let from = 0;
    for (let to = length; from < to;) {
      const middle = (from + to) >> 1;
      if (compare(list[middle], value) >= 0) from = middle + 1;
      else to = middle;
    }
    for (let at = Math.min(length, limit - 1); at > from; at--) list[at] = list[at - 1];
    list[from] = value;
    return true;
  }
  return {
    create: (value) => [value],
    mergeValue(list, value) {
      insert(list as unknown[], value);
      return list;
    },
    mergeCombiners(list, others) {
      // In order: where one finds no place, none behind it does.
      for (const value of others as unknown[]) if (!insert(list as unknown[], value)) break;
      return list;
    },
  };
}
