/** Keeps the first elements of an order. */
export interface BoundedHeap {
  /** Takes an element by its key. */
  offer(key: unknown, value: unknown): void;
  /** The kept elements in order, equal ones in the order of their coming. */
  drain(): unknown[];
}

/**
 * A heap of at most `limit` elements with the last of them at its root. Self-contained, so that a stage compiles a copy of
 * its own and V8 inlines the user's comparison.
 */
export function createBoundedHeap(
  limit: number,
  compare: (a: unknown, b: unknown) => number,
  descending: boolean,
): BoundedHeap {
  const keys: unknown[] = [];
  const values: unknown[] = [];
  const arrivals: number[] = [];
  let arrived = 0;

  function isAfter(a: number, b: number): boolean {
    const order = descending ? compare(keys[b], keys[a]) : compare(keys[a], keys[b]);
    return order > 0 || (order === 0 && arrivals[a]! > arrivals[b]!);
  }

  function swap(a: number, b: number): void {
    [keys[a], keys[b]] = [keys[b], keys[a]];
    [values[a], values[b]] = [values[b], values[a]];
    [arrivals[a], arrivals[b]] = [arrivals[b]!, arrivals[a]!];
  }

  function siftUp(start: number): void {
    for (let at = start; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!isAfter(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  }

  function siftDown(length: number): void {
    for (let at = 0; ;) {
      let last = at;
      const left = 2 * at + 1;
      if (left < length && isAfter(left, last)) last = left;
      if (left + 1 < length && isAfter(left + 1, last)) last = left + 1;
      if (last === at) return;
      swap(at, last);
      at = last;
    }
  }

  return {
    offer(key, value) {
      const at = keys.length;
      if (at < limit) {
        keys.push(key);
        values.push(value);
        arrivals.push(arrived++);
        siftUp(at);
      } else if ((descending ? compare(keys[0], key) : compare(key, keys[0])) < 0) {
        keys[0] = key;
        values[0] = value;
        arrivals[0] = arrived++;
        siftDown(at);
      }
    },
    drain() {
      const { length } = keys;
      const order = Array.from({ length }, (_, index) => index).sort((a, b) => (isAfter(a, b) ? 1 : -1));
      return order.map((index) => values[index]);
    },
  };
}
