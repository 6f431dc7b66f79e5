/** A key of a random pipeline. */
export type Key = null | boolean | number | string | readonly [number, string];

/** What every dataset of a random pipeline consists of. */
export type Row = readonly [Key, number];

/** A text that two values share exactly when they are equal as keys: 1 and "1" differ, -0 and 0 do not. */
export function nameOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(nameOf).join()}]`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** The values of each key, keys in the order of their first row. */
export function grouped<K, V>(rows: Iterable<readonly [K, V]>): [K, V[]][] {
  const groups = new Map<string, [K, V[]]>();
  for (const [key, value] of rows) {
    const name = nameOf(key);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [key, [value]]);
    else group[1].push(value);
  }
  return [...groups.values()];
}

/** The rows of both sides by key; a side without rows of a key gets an empty list. */
export function cogrouped(left: readonly Row[], right: readonly Row[]): [Key, number[], number[]][] {
  const keys = new Map([...left, ...right].map(([key]) => [nameOf(key), key]));
  const sides = [left, right].map((rows) => new Map(grouped(rows).map(([key, values]) => [nameOf(key), values])));
  return [...keys].map(([name, key]) => [key, sides[0]?.get(name) ?? [], sides[1]?.get(name) ?? []]);
}

/** The sum in the order of the values. */
export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Order of two keys of one kind: numbers with NaN last, strings by code unit, tuples by element. */
export function compare(a: unknown, b: unknown): number {
  if (Array.isArray(a) && Array.isArray(b)) {
    const differing = a.findIndex((element, index) => compare(element, b[index]) !== 0);
    return differing < 0 ? 0 : compare(a[differing], b[differing]);
  }
  if (typeof a === "number" && typeof b === "number")
    return Number(a !== a) - Number(b !== b) || Number(a > b) - Number(a < b);
  return String(a) < String(b) ? -1 : Number(String(a) > String(b));
}
