import { compareKeys, type KernelContext } from "@gloam/plan";
import { functionOf, type UserFunction } from "./kernel-data.ts";

/** How a sort compares keys. */
export interface SortComparison {
  readonly ascending: boolean;
  /** The user's comparison (role `compare`), which knows no kinds of keys: nothing can be sorted by its bits. */
  readonly custom: boolean;
  /** Negative where the first key comes before the second one in the result. */
  readonly compare: (a: unknown, b: unknown) => number;
}

/** The comparison of `sortWriter` and `sortReader`. */
export function sortComparison(context: KernelContext): SortComparison {
  const { ascending } = context.data as { readonly ascending: boolean };
  const given = functionOf(context, "compare")?.call;
  const compare = context.instantiate(ascending ? forwards : backwards)(given ?? compareKeys);
  return { ascending, custom: given !== undefined, compare };
}

// Templates: self-contained, compiled anew for each user function.

function forwards(compare: UserFunction): (a: unknown, b: unknown) => number {
  return (a, b) => compare(a, b) as number;
}

function backwards(compare: UserFunction): (a: unknown, b: unknown) => number {
  return (a, b) => compare(b, a) as number;
}
