import { hashFloats, hashNumber, hashWords } from "./hash-number.ts";
import { hashString } from "./hash-string.ts";
import { objectKeyKind, unsupportedKey } from "./key-kind.ts";

/**
 * 32-bit hash of a key: the same for equal keys (`keysEqual`), on every executor and for every column type. All its bits
 * are good: tables may index by any of them.
 * @throws GloamError `GLOAM_KEY_UNSUPPORTED` for values that have no equality by value, such as a Map or a function.
 */
export function hashKey(key: unknown): number {
  switch (typeof key) {
    case "number":
      return hashNumber(key, hashFloats, hashWords);
    case "string":
      return hashString(key);
    case "boolean":
      return key ? 0x4cf5ad43 : 0x2745937f;
    case "undefined":
      return 0x38b34ae5;
    case "bigint":
      return hashBigInt(key);
    case "object":
      return key === null ? 0x5f356495 : hashObject(key);
    default:
      throw unsupportedKey(key);
  }
}

function hashBigInt(key: bigint): number {
  let hash = 0x1b873593;
  let rest = key;
  do {
    hash = combine(hash, Number(BigInt.asIntN(32, rest)));
    rest >>= 32n;
  } while (rest !== 0n && rest !== -1n);
  return combine(hash, Number(rest));
}

function hashObject(key: object): number {
  switch (objectKeyKind(key)) {
    case "date":
      return combine(0x3c6ef372, hashNumber((key as Date).getTime(), hashFloats, hashWords));
    case "bytes":
      return hashBytes(key as Uint8Array);
    case "tuple": {
      const elements = key as readonly unknown[];
      let hash = elements.length;
      // By index: a hole equals undefined.
      for (let i = 0; i < elements.length; i++) hash = combine(hash, hashKey(elements[i]));
      return hash;
    }
    case "object": {
      const fields = key as Readonly<Record<string, unknown>>;
      // A sum: the order of the names does not matter.
      let sum = 0;
      for (const name of Object.keys(fields)) sum = (sum + combine(hashString(name), hashKey(fields[name]))) | 0;
      return combine(0x510e527f, sum);
    }
  }
}

function hashBytes(bytes: Uint8Array): number {
  let hash = bytes.length ^ 0x1f83d9ab;
  for (let i = 0; i < bytes.length; i++) {
    hash = Math.imul(hash ^ bytes[i]!, 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return combine(hash, bytes.length);
}

/** Mixes one more hash into a hash: order matters, and all bits of both reach all bits of the result. */
function combine(hash: number, next: number): number {
  let mixed = Math.imul(hash, 0x9e3779b1) ^ Math.imul(next, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}
