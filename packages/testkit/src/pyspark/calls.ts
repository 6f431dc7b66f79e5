import type { Value } from "./shapes.ts";

/**
 * A function that both languages have, as data: its name, and what it closes over. `programs/run_pipelines.py` has the same
 * names. Integers stay small and no function makes -0, which Python's integers do not know.
 */
export interface Call {
  readonly name: string;
  readonly by?: Value;
  /** Functions that it calls. */
  readonly of?: readonly Call[];
}

type Made<F> = (by: never, of: readonly F[]) => F;

/** Of an element. */
export type Unary = (value: Value) => Value;

const unaries: Readonly<Record<string, Made<Unary>>> = {
  same: () => (value) => value,
  add: (by: number) => (value) => (value as number) + by,
  times: (by: number) => (value) => (value as number) * by,
  modulo: (by: number) => (value) => (((value as number) % by) + by) % by,
  negate: () => (value) => 0 - (value as number),
  floor: () => (value) => Math.floor(value as number),
  divide: (by: number) => (value) => (value as number) / by,
  squareRoot: () => (value) => Math.sqrt(Math.abs(value as number)),
  describe: () => (value) => `n${value as number}`,
  nullIfMultiple: (by: number) => (value) => ((value as number) % by === 0 ? null : value),
  numbersBelow: (by: number) => (value) =>
    Array.from({ length: (((value as number) % by) + by) % by }, (_, index) => index),
  // Length and characters by code point, as Python counts.
  length: () => (value) => Array.from(value as string).length,
  characters: () => (value) => Array.from(value as string),
  words: () => (value) => (value as string).split(" "),
  reversed: () => (value) =>
    Array.from(value as string)
      .toReversed()
      .join(""),
  upper: () => (value) => (value as string).toUpperCase(),
  append: (by: string) => (value) => (value as string) + by,
  size: () => (value) => (value as readonly Value[]).length,
  backwards: () => (value) => (value as readonly Value[]).toReversed(),
  isNull: () => (value) => (value === null ? 1 : 0),
  orElse: (by: Value) => (value) => value ?? by,
  swap: () => (value) => {
    const [key, other] = value as readonly [Value, Value];
    return [other, key];
  },
  first: () => (value) => (value as readonly Value[])[0]!,
  second: () => (value) => (value as readonly Value[])[1]!,
  onKey:
    (_, [of]) =>
    (value) => {
      const [key, other] = value as readonly [Value, Value];
      return [of!(key), other];
    },
  each:
    (_, [of]) =>
    (value) =>
      (value as readonly Value[]).map(of!),
  pair:
    (_, [left, right]) =>
    (value) => [left!(value), right!(value)],
  chain:
    (_, [first, second]) =>
    (value) =>
      second!(first!(value)),
  // Arrays of numbers or texts, or of arrays of them; `toSorted` alone would sort them as texts.
  sorted: () => {
    const compare = (a: Value, b: Value): number => {
      if (typeof a !== "object" || typeof b !== "object") return a! < b! ? -1 : a! > b! ? 1 : 0;
      for (let at = 0; at < Math.min(a!.length, b!.length); at++) {
        const order = compare(a![at]!, b![at]!);
        if (order !== 0) return order;
      }
      return a!.length - b!.length;
    };
    return (value) => (value as readonly Value[]).toSorted(compare);
  },
};

/** Whether an element is kept. */
type Predicate = (value: Value) => boolean;

const predicates: Readonly<Record<string, (by: never, of: readonly Predicate[]) => Predicate>> = {
  notMultiple: (by: number) => (value) => (value as number) % by !== 0,
  below: (by: number) => (value) => (value as number) < by,
  longer: (by: number) => (value) => Array.from(value as string).length > by,
  larger: (by: number) => (value) => (value as readonly Value[]).length > by,
  isThere: () => (value) => value !== null,
  ofKey:
    (_, [of]) =>
    (value) =>
      of!((value as readonly Value[])[0]!),
  ofValue:
    (_, [of]) =>
    (value) =>
      of!((value as readonly Value[])[1]!),
};

/** Adds two. */
type Binary = (a: Value, b: Value) => Value;

const binaries: Readonly<Record<string, (by: never) => Binary>> = {
  sum: () => (a, b) => (a as number) + (b as number),
  sumModulo: (by: number) => (a, b) => ((((a as number) + (b as number)) % by) + by) % by,
  largest: () => (a, b) => (b! > a! ? b : a),
  smallest: () => (a, b) => (b! < a! ? b : a),
  concatenate: () => (a, b) => (a as string) + (b as string),
};

function made<F>(table: Readonly<Record<string, (by: never, of: readonly F[]) => F>>, { name, by, of = [] }: Call): F {
  return table[name]!(
    by as never,
    of.map((call) => made(table, call)),
  );
}

export const unary = (call: Call): Unary => made(unaries, call);
export const predicate = (call: Call): Predicate => made(predicates, call);
export const binary = (call: Call): Binary => made(binaries, call);

/** The call in words. */
export function described({ name, by, of }: Call): string {
  const parts = [...(by === undefined ? [] : [JSON.stringify(by)]), ...(of ?? []).map(described)];
  return parts.length === 0 ? name : `${name}(${parts.join(", ")})`;
}
