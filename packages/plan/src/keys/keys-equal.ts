import { objectKeyKind, unsupportedKey } from "./key-kind.ts";

/**
 * Equality of keys: SameValueZero for primitives (NaN equals NaN, -0 equals 0; 1, 1n and "1" differ), and by value for
 * tuples, plain objects (whatever the order of their names; an absent field differs from an undefined one), Dates and
 * byte arrays.
 * @throws GloamError `GLOAM_KEY_UNSUPPORTED` where both are objects and one has no equality by value.
 */
export function keysEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    if (typeof a === "function" || typeof a === "symbol") throw unsupportedKey(a);
    if (typeof b === "function" || typeof b === "symbol") throw unsupportedKey(b);
    return a !== a && b !== b;
  }
  const kind = objectKeyKind(a);
  if (kind !== objectKeyKind(b)) return false;
  switch (kind) {
    case "date":
      return keysEqual((a as Date).getTime(), (b as Date).getTime());
    case "bytes":
      return bytesEqual(a as Uint8Array, b as Uint8Array);
    case "tuple":
      return tuplesEqual(a as readonly unknown[], b as readonly unknown[]);
    case "object":
      return fieldsEqual(a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>);
  }
}

function bytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function tuplesEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!keysEqual(a[i], b[i])) return false;
  return true;
}

function fieldsEqual(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && keysEqual(a[name], b[name]));
}
