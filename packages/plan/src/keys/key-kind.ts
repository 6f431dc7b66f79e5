import { GloamError } from "@gloam/common";

/** What an object is as a key. */
export type ObjectKeyKind = "date" | "bytes" | "tuple" | "object";

/**
 * Sorts an object into the kinds that have equality by value.
 * @throws GloamError `GLOAM_KEY_UNSUPPORTED` for every other object.
 */
export function objectKeyKind(key: object): ObjectKeyKind {
  if (Array.isArray(key)) return "tuple";
  if (key instanceof Date) return "date";
  if (key instanceof Uint8Array) return "bytes";
  const prototype: unknown = Object.getPrototypeOf(key);
  if (prototype === null || prototype === Object.prototype) return "object";
  throw unsupportedKey(key);
}

/** The error for a value that cannot be a key. */
export function unsupportedKey(key: unknown): GloamError {
  const name =
    typeof key === "object" && key !== null
      ? `a ${(key.constructor as { readonly name: string } | undefined)?.name ?? "object"}`
      : `a ${typeof key}`;
  return new GloamError("GLOAM_KEY_UNSUPPORTED", `${name} cannot be a key`);
}
