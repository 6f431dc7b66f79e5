import type { Batch } from "@gloam/plan";
import type { RunCursor } from "./run-cursor.ts";

/** Rows in an output batch. */
const batchRows = 4096;

/**
 * Merges sorted runs into batches; equal keys come in the order of runs. Cursors must have been loaded, and stand in the
 * order of runs.
 */
export function* mergeRuns(
  cursors: readonly RunCursor[],
  compare: (a: unknown, b: unknown) => number,
  checkCancelled: () => void,
): Generator<Batch> {
  const heap = [...cursors];
  const isBefore = (a: RunCursor, b: RunCursor): boolean => {
    let decided = false;
    if (a.rankKind === b.rankKind && a.rankKind !== "none") {
      const rankA = a.ranks[a.at]!;
      const rankB = b.ranks[b.at]!;
      if (rankA !== rankB) return rankA < rankB;
      decided = a.exact && b.exact;
    }
    if (!decided) {
      const order = compare(a.key(a.at), b.key(b.at));
      if (order !== 0) return order < 0;
    }
    return a.run < b.run;
  };
  const siftDown = (from: number): void => {
    const moved = heap[from]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, moved)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
  };
  for (let at = (heap.length >> 1) - 1; at >= 0; at--) siftDown(at);
  const output = new MergedRows();
  while (heap.length > 0) {
    const first = heap[0]!;
    output.take(first);
    if (output.length === batchRows) {
      checkCancelled();
      yield output.finish();
    }
    if (++first.at < first.end || first.load()) {
      if (heap.length > 1) siftDown(0);
      continue;
    }
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      siftDown(0);
    }
  }
  if (output.length > 0) yield output.finish();
}

/** Collects merged rows: in columns while all are pairs of numbers. */
class MergedRows {
  length = 0;
  #keys = new Float64Array(batchRows);
  #values = new Float64Array(batchRows);
  #rows: unknown[] | undefined;

  take(cursor: RunCursor): void {
    const { numbers, at } = cursor;
    if (numbers !== undefined && this.#rows === undefined) {
      this.#keys[this.length] = numbers.keys[at]!;
      this.#values[this.length++] = numbers.values[at]!;
      return;
    }
    this.#rows ??= Array.from({ length: this.length }, (_, row) => [this.#keys[row], this.#values[row]]);
    this.#rows.push(numbers === undefined ? cursor.rows()[at] : [numbers.keys[at], numbers.values[at]]);
    this.length++;
  }

  finish(): Batch {
    const { length } = this;
    this.length = 0;
    if (this.#rows !== undefined) {
      const rows = this.#rows;
      this.#rows = undefined;
      return { length, rows };
    }
    const keys = { kind: "float64", values: this.#keys.slice(0, length) } as const;
    const values = { kind: "float64", values: this.#values.slice(0, length) } as const;
    return { length, columns: { length, column: { kind: "tuple", children: [keys, values] } } };
  }
}
