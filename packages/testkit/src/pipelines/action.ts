import type { Random } from "@gloam/common";
import type { Rdd } from "gloam";
import type { Dataset } from "./operation.ts";
import type { Place } from "./place.ts";
import { nameOf, type Row } from "./rows.ts";

/** One action upon a dataset, and what the model knows of its outcome. */
export interface AppliedAction {
  readonly description: string;
  readonly expected: unknown;
  /** Gives what is the same on every master: nothing of ids, times and hosts. */
  readonly run: (rdd: Rdd<Row>, place: Place) => Promise<unknown>;
  /** That of an outcome which is equal to `expected`. */
  readonly promised: (outcome: unknown) => unknown;
}

/** Applies itself to a dataset, or gives undefined where it cannot be. */
export type Action = (random: Random, dataset: Dataset) => AppliedAction | undefined;

/** An action whose outcome is of type `R`. */
export interface TypedAction<R> {
  readonly description: string;
  readonly expected: unknown;
  readonly run: (rdd: Rdd<Row>, place: Place) => Promise<R>;
  /** All of it when left out. */
  readonly promised?: (outcome: R) => unknown;
}

/** The outcome, and what is expected, of an action that there is nothing for. */
export const nothing = "nothing there";

/** An action that is given outcomes of its own only, or `nothing`. */
export function action<R>({
  description,
  expected,
  run,
  promised = (outcome) => outcome,
}: TypedAction<R>): AppliedAction {
  return {
    description,
    expected,
    run,
    promised: (outcome) => (outcome === nothing ? nothing : promised(outcome as R)),
  };
}

/** Whether each row is there, as often at least. */
export function isPart(part: readonly Row[], rows: readonly Row[]): boolean {
  const left = new Map<string, number>();
  for (const row of rows) left.set(nameOf(row), (left.get(nameOf(row)) ?? 0) + 1);
  return part.every((row) => {
    const count = left.get(nameOf(row)) ?? 0;
    left.set(nameOf(row), count - 1);
    return count > 0;
  });
}

/** Whether each row is there. */
export function areAmong(some: readonly Row[], rows: readonly Row[]): boolean {
  const names = new Set(rows.map(nameOf));
  return some.every((row) => names.has(nameOf(row)));
}
