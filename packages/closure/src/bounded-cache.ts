const largestCache = 10_000;

/** Keeps answers for texts, and starts afresh when there are too many. */
export class BoundedCache<Value> {
  readonly #values = new Map<string, Value>();

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): Value {
    if (this.#values.size >= largestCache) this.#values.clear();
    this.#values.set(key, value);
    return value;
  }
}
