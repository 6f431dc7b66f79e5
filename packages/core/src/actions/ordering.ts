import { compareKeys, type OrderedBy } from "@gloam/plan";
import { invalid } from "../arguments.ts";
import type { Operation } from "../operation.ts";

/** By what elements are ordered: a key of each, or a comparison as for `Array.prototype.sort`. */
export type Ordering<T> = ((element: T) => unknown) | { readonly compare: (a: T, b: T) => number };

/**
 * An ordering as sinks take it.
 * @throws GloamError `GLOAM_ARGUMENT_INVALID`, and as `Operation.capture` does
 */
export function capturedOrdering<T>(operation: Operation, by: Ordering<T> | undefined): OrderedBy {
  if (by === undefined) return { kind: "element" };
  if (typeof by === "function") return { kind: "key", key: operation.capture(by) };
  if (typeof by !== "object" || by === null || typeof by.compare !== "function")
    throw invalid(operation, "expected a function that gives an element's key, or { compare }");
  return { kind: "compare", compare: operation.capture(by.compare) };
}

/** What of an element is compared here in the driver. */
export function keyIn<T>(by: Ordering<T> | undefined): (element: T) => unknown {
  return typeof by === "function" ? by : (element) => element;
}

/** How it is compared. */
export function comparisonOf<T>(by: Ordering<T> | undefined): (a: unknown, b: unknown) => number {
  return typeof by === "object" ? (by.compare as typeof compareKeys) : compareKeys;
}
