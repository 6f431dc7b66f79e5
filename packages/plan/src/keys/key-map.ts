import { hashKey } from "./hash-key.ts";
import { keysEqual } from "./keys-equal.ts";

interface Entry<V> {
  readonly key: unknown;
  value: V;
}

/**
 * A map by the equality of keys: tuples, plain objects, Dates and byte arrays are found by value. For a few keys, in the driver or in a
 * kernel; 10 ns for a primitive key, a hash more for others.
 */
export class KeyMap<V> {
  /** Primitives are equal as a Map's keys are. */
  readonly #entries = new Map<unknown, Entry<V>>();
  readonly #byHash = new Map<number, Entry<V>[]>();

  /** @throws GloamError `GLOAM_KEY_UNSUPPORTED` */
  get(key: unknown): V | undefined {
    return this.#find(key)?.value;
  }

  /** @throws GloamError `GLOAM_KEY_UNSUPPORTED` */
  set(key: unknown, value: V): void {
    const known = this.#find(key);
    if (known !== undefined) {
      known.value = value;
      return;
    }
    const entry = { key, value };
    // An object is a key of this map by its identity, and found by its hash.
    this.#entries.set(key, entry);
    if (typeof key !== "object" || key === null) return;
    const hash = hashKey(key);
    const others = this.#byHash.get(hash);
    if (others === undefined) this.#byHash.set(hash, [entry]);
    else others.push(entry);
  }

  /** Keys as they came first, and their values, in the order of coming. */
  *[Symbol.iterator](): Generator<[unknown, V]> {
    for (const { key, value } of this.#entries.values()) yield [key, value];
  }

  #find(key: unknown): Entry<V> | undefined {
    if (typeof key !== "object" || key === null) {
      if (typeof key === "function" || typeof key === "symbol") hashKey(key);
      return this.#entries.get(key);
    }
    return this.#byHash.get(hashKey(key))?.find((entry) => keysEqual(entry.key, key));
  }
}
