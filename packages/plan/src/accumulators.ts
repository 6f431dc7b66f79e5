import { decodeValue, encodeValue } from "@gloam/arrow";
import { GloamError } from "@gloam/common";
import { inspect } from "node:util";

/** How an accumulator is called in messages. */
export function accumulatorLabel({ id, name }: Pick<AccumulatorData, "id" | "name">): string {
  return name === undefined ? `accumulator ${id}` : `the accumulator '${name}'`;
}

/** How an accumulator adds up: by one of the built-in ways, or by a function of the user's. */
export type AccumulatorKind = "long" | "double" | "collection" | "custom";

/** What a task gets of an accumulator that a function captured. */
export interface AccumulatorData {
  /** Unique among the accumulators of a driver. */
  readonly id: number;
  readonly kind: AccumulatorKind;
  readonly name: string | undefined;
  /** The encoded value that a custom one begins with. */
  readonly zero?: Uint8Array | undefined;
  /** What a custom one adds with. */
  readonly merge?: ((total: unknown, value: unknown) => unknown) | undefined;
}

/** Name of the reviver that makes a task's side of an accumulator. */
export const accumulatorReviver = "gloam.accumulator";

/** What a task added to one accumulator. Without a value where its functions had the accumulator and added nothing. */
export type AccumulatorUpdate = readonly [id: number, value?: unknown];

/**
 * A task's values of all accumulators that its functions had, as they travel with the task's outcome.
 * @throws GloamError `GLOAM_VALUE_NOT_SERIALIZABLE`
 */
export function encodeUpdates(updates: readonly AccumulatorUpdate[]): Uint8Array<ArrayBuffer> {
  return encodeValue(updates, { name: "the values of accumulators" });
}

/** What `encodeUpdates` encoded; every call gives values of their own. */
export function decodeUpdates(bytes: Uint8Array): readonly AccumulatorUpdate[] {
  return decodeValue(bytes) as readonly AccumulatorUpdate[];
}

/** Adds a value to a total; may change the total and give it back. */
export type AddUp = (total: unknown, value: unknown) => unknown;

/**
 * Refuses what an accumulator of that kind cannot add up.
 * @throws GloamError `GLOAM_ARGUMENT_INVALID`
 */
export function checkAddend(data: AccumulatorData, value: unknown): void {
  const { kind } = data;
  if (kind === "long" ? Number.isSafeInteger(value) : kind !== "double" || typeof value === "number") return;
  const wanted = kind === "long" ? "safe integers" : "numbers";
  throw new GloamError("GLOAM_ARGUMENT_INVALID", `${accumulatorLabel(data)} adds up ${wanted}, not ${inspect(value)}`);
}

/** Begins a total, and adds two up: values of tasks as well as single ones, which a collection takes as arrays of one. */
export function accumulatorSums({ kind, zero, merge }: AccumulatorData): { zero: () => unknown; add: AddUp } {
  switch (kind) {
    case "long":
    case "double":
      return { zero: () => 0, add: (total, value) => (total as number) + (value as number) };
    case "collection":
      return { zero: () => [], add: append };
    case "custom":
      return { zero: () => decodeValue(zero as Uint8Array), add: merge as AddUp };
  }
}

function append(total: unknown, values: unknown): unknown {
  const all = total as unknown[];
  for (const value of values as unknown[]) all.push(value);
  return all;
}
