import { isBoxedPrimitive } from "node:util/types";

/**
 * Whether two values are equal in all that travels: stricter than deepStrictEqual about the order of keys, more lenient
 * about invalid dates.
 */
export function equalValues(a: unknown, b: unknown, known = new Map<object, object>()): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (known.get(a) === b) return true;
  known.set(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const equal = (x: unknown, y: unknown) => equalValues(x, y, known);
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (a instanceof RegExp) {
    const other = b as RegExp;
    return a.source === other.source && a.flags === other.flags && a.lastIndex === other.lastIndex;
  }
  if (a instanceof URL) return a.href === (b as URL).href;
  if (a instanceof Map) return equal([...a], [...(b as Map<unknown, unknown>)]);
  if (a instanceof Set) return equal([...a], [...(b as Set<unknown>)]);
  if (a instanceof ArrayBuffer) return equal(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
  if (ArrayBuffer.isView(a)) {
    const other = b as ArrayBufferView;
    const bytes = (view: ArrayBufferView) => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
    return bytes(a).equals(bytes(other));
  }
  if (isBoxedPrimitive(a)) return Object.is(a.valueOf(), b.valueOf());
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  if (a instanceof Error)
    for (const name of ["name", "message", "stack", "cause", "errors"] as const)
      if (!equal((a as never)[name], (b as never)[name]) || Object.hasOwn(a, name) !== Object.hasOwn(b, name))
        return false;
  const keys = Object.keys(a);
  const others = Object.keys(b);
  return (
    keys.length === others.length &&
    keys.every((key, i) => key === others[i] && equal((a as never)[key], (b as never)[key]))
  );
}
