import { objectKeyKind, unsupportedKey } from "./key-kind.ts";

/**
 * Order of two numbers: ascending, NaN last, -0 equal to 0. Self-contained, so that generated code can compile a copy of
 * its own.
 */
export function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return a === a ? -1 : b === b ? 1 : 0;
}

/** Order of two strings: by UTF-16 code unit. Self-contained. */
export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The total order of keys; zero exactly where `keysEqual` holds. Kinds come in this order:
 *
 * 1. `undefined`, then `null`
 * 2. `false`, then `true`
 * 3. numbers and bigints by value, a number before the bigint of the same value, NaN after all of them
 * 4. Dates by time, an invalid Date last
 * 5. strings by UTF-16 code unit
 * 6. byte arrays by byte, a prefix first
 * 7. tuples by element, a prefix first
 * 8. plain objects by their fields, sorted by name: the first name that differs decides, then its value
 *
 * @throws GloamError `GLOAM_KEY_UNSUPPORTED` for values that have no order, such as a Map or a function.
 */
export function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return compareNumbers(a, b);
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b);
  const rank = rankOf(a);
  const difference = rank - rankOf(b);
  if (difference !== 0) return difference < 0 ? -1 : 1;
  switch (rank) {
    case ranks.boolean:
      return Number(a) - Number(b);
    case ranks.number:
      return compareNumeric(a as number | bigint, b as number | bigint);
    case ranks.date:
      return compareNumbers((a as Date).getTime(), (b as Date).getTime());
    case ranks.bytes:
    case ranks.tuple:
      return compareElements(a as ArrayLike<unknown>, b as ArrayLike<unknown>);
    case ranks.object:
      return compareElements(sortedFields(a as object), sortedFields(b as object));
    default:
      return 0;
  }
}

const ranks = { undefined: 0, null: 1, boolean: 2, number: 3, date: 4, string: 5, bytes: 6, tuple: 7, object: 8 };

function rankOf(key: unknown): number {
  switch (typeof key) {
    case "undefined":
      return ranks.undefined;
    case "boolean":
      return ranks.boolean;
    case "number":
    case "bigint":
      return ranks.number;
    case "string":
      return ranks.string;
    case "object":
      return key === null ? ranks.null : ranks[objectKeyKind(key)];
    default:
      throw unsupportedKey(key);
  }
}

function compareNumeric(a: number | bigint, b: number | bigint): number {
  if (typeof a === "number" && typeof b === "number") return compareNumbers(a, b);
  if (a !== a) return 1;
  if (b !== b) return -1;
  // JavaScript compares numbers with bigints by their exact values.
  if (a < b) return -1;
  if (a > b) return 1;
  if (typeof a === typeof b) return 0;
  return typeof a === "number" ? -1 : 1;
}

function compareElements(a: ArrayLike<unknown>, b: ArrayLike<unknown>): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compareKeys(a[i], b[i]);
    if (order !== 0) return order;
  }
  return compareNumbers(a.length, b.length);
}

function sortedFields(key: object): unknown[] {
  const fields = key as Readonly<Record<string, unknown>>;
  return Object.keys(fields)
    .sort()
    .map((name) => [name, fields[name]]);
}
