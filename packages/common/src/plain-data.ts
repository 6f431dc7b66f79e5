const deepest = 4;
const mostValues = 1000;
const longestText = 16 * 1024;

/**
 * A copy of what is plain data in `value`: primitives but symbols, dates, arrays and plain objects, at most 4 levels and
 * 1,000 values of them; the rest is left out. Undefined when `value` itself is none. Getters are not called.
 */
export function toPlainData(value: unknown): unknown {
  let left = mostValues;
  return copy(value, deepest);

  function copy(part: unknown, depth: number): unknown {
    if (left-- <= 0) return undefined;
    switch (typeof part) {
      case "string":
        return part.slice(0, longestText);
      case "number":
      case "boolean":
      case "bigint":
        return part;
      case "object":
        return part === null ? null : copyObject(part, depth);
      default:
        return undefined;
    }
  }

  function copyObject(part: object, depth: number): unknown {
    try {
      if (part instanceof Date) return new Date(part);
      if (depth === 0) return undefined;
      if (Array.isArray(part)) return part.slice(0, mostValues).map((element) => copy(element, depth - 1) ?? null);
      const prototype: unknown = Object.getPrototypeOf(part);
      if (prototype !== Object.prototype && prototype !== null) return undefined;
      const copied: Record<string, unknown> = {};
      for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(part))) {
        const inner: unknown =
          property.enumerable === true && key !== "__proto__" ? copy(property.value, depth - 1) : undefined;
        if (inner !== undefined) copied[key] = inner;
      }
      return copied;
    } catch {
      return undefined; // a proxy
    }
  }
}
