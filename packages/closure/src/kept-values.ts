import type { CapturedFunction } from "./captured-function.ts";

/** Captured functions, with the objects that say themselves how they travel among what they captured. */
const kept = new WeakMap<CapturedFunction, readonly object[]>();

/** As long as somebody has the captured function, these live: what they stand for is needed. */
export function keepValues(captured: CapturedFunction, values: readonly object[]): void {
  if (values.length > 0) kept.set(captured, values);
}

/** What a captured function keeps alive. */
export function keptBy(captured: CapturedFunction): readonly object[] {
  return kept.get(captured) ?? [];
}
