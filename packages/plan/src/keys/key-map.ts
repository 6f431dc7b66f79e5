import { hashKey } from "./hash-key.ts";
import { keysEqual } from "./keys-equal.ts";

/** A map whose keys are equal as those of pairs are: arrays and objects by value. Iterates in the order of the first `set`. */
export class KeyMap<Value> {
  /** Keys that the engine's own map compares as `keysEqual` does. */
  readonly #plain = new Map<unknown, { readonly key: unknown; value: Value }>();
  readonly #byHash = new Map<number, { readonly key: unknown; value: Value }[]>();
  #entries: { readonly key: unknown; value: Value }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  get(key: unknown): Value | undefined {
    return this.#find(key)?.value;
  }

  set(key: unknown, value: Value): void {
    const found = this.#find(key);
    if (found !== undefined) {
      found.value = value;
      return;
    }
    const entry = { key, value };
    this.#entries.push(entry);
    if (isPlain(key)) {
      this.#plain.set(key, entry);
      return;
    }
    const hash = hashKey(key);
    const others = this.#byHash.get(hash);
    if (others === undefined) this.#byHash.set(hash, [entry]);
    else others.push(entry);
  }

  clear(): void {
    this.#plain.clear();
    this.#byHash.clear();
    this.#entries = [];
  }

  *[Symbol.iterator](): IterableIterator<[key: unknown, value: Value]> {
    for (const { key, value } of this.#entries) yield [key, value];
  }

  #find(key: unknown) {
    if (isPlain(key)) return this.#plain.get(key);
    return this.#byHash.get(hashKey(key))?.find((entry) => keysEqual(entry.key, key));
  }
}

function isPlain(key: unknown): boolean {
  return typeof key !== "object" || key === null;
}
