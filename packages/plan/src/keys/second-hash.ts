import { hashFloats, hashWords } from "./hash-number.ts";
import { objectKeyKind, unsupportedKey } from "./key-kind.ts";

/**
 * Another 32-bit hash of a key, independent of `hashKey`: the same for equal keys. Both together are 64 bits, for sketches of
 * more keys than 32 bits tell apart. About as fast as `hashKey`.
 * @throws GloamError `GLOAM_KEY_UNSUPPORTED` for values that have no equality by value, such as a Map or a function.
 */
export function secondHash(key: unknown): number {
  return finish(feed(0x243f6a88, key));
}

function feed(hash: number, key: unknown): number {
  switch (typeof key) {
    case "number":
      return feedNumber(hash, key);
    case "string":
      return feedString(hash, key);
    case "boolean":
      return mix(hash, key ? 0x13198a2e : 0x03707344);
    case "undefined":
      return mix(hash, 0x299f31d0);
    case "bigint":
      return feedBigInt(hash, key);
    case "object":
      return key === null ? mix(hash, 0x082efa98) : feedObject(hash, key);
    default:
      throw unsupportedKey(key);
  }
}

function feedNumber(hash: number, value: number): number {
  // -0 becomes 0; every NaN has the bits of one.
  hashFloats[0] = value === value ? value + 0 : Number.NaN;
  const high = hashWords[1]!;
  return mix(mix(hash, hashWords[0]!), value === value ? high : 0x7ff80000);
}

function feedString(hash: number, value: string): number {
  const last = value.length - 1;
  let mixed = mix(hash, ~last);
  let at = 0;
  for (; at < last; at += 2) mixed = mix(mixed, (value.charCodeAt(at) << 16) | value.charCodeAt(at + 1));
  return at === last ? mix(mixed, value.charCodeAt(at)) : mixed;
}

function feedBigInt(hash: number, value: bigint): number {
  let mixed = mix(hash, 0x452821e6);
  let rest = value;
  do {
    mixed = mix(mixed, Number(BigInt.asIntN(32, rest)));
    rest >>= 32n;
  } while (rest !== 0n && rest !== -1n);
  return mix(mixed, Number(rest));
}

function feedObject(hash: number, key: object): number {
  switch (objectKeyKind(key)) {
    case "date":
      return feedNumber(mix(hash, 0x38d01377), (key as Date).getTime());
    case "bytes": {
      const bytes = key as Uint8Array;
      let mixed = mix(hash, ~bytes.length);
      for (let i = 0; i < bytes.length; i++) mixed = mix(mixed, bytes[i]!);
      return mixed;
    }
    case "tuple": {
      const elements = key as readonly unknown[];
      let mixed = mix(hash, elements.length ^ 0x3bd1e995);
      // By index: a hole equals undefined.
      for (let i = 0; i < elements.length; i++) mixed = feed(mixed, elements[i]);
      return mixed;
    }
    case "object": {
      const fields = key as Readonly<Record<string, unknown>>;
      // A sum: the order of the names does not matter.
      let sum = 0;
      for (const name of Object.keys(fields)) sum = (sum + finish(feed(feedString(hash, name), fields[name]))) | 0;
      return mix(mix(hash, 0x34e90c6c), sum);
    }
  }
}

/** Takes a word into a hash. The constants are those of no other hash here. */
function mix(hash: number, word: number): number {
  let mixed = Math.imul(word, 0x9e3779b1);
  mixed = Math.imul((mixed << 17) | (mixed >>> 15), 0xc2b2ae3d);
  mixed ^= hash;
  return (Math.imul((mixed << 11) | (mixed >>> 21), 0x27d4eb2f) + 0x165667b1) | 0;
}

/** Every bit of the input reaches every bit of the output. (Found by Chris Wellons's search for such functions.) */
function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}
