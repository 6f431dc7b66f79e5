import { gather, rowsOf, type Column, type ColumnBatch } from "@gloam/arrow";
import type { Batch, KernelContext } from "@gloam/plan";
import { gatherKeys, gatherNumbers, keyAt } from "./gather-pairs.ts";
import { orderByHash } from "./hash-order.ts";
import { KeyIds } from "./key-ids.ts";
import { blockRows, PairBlock } from "./pair-block.ts";
import { PairBatch } from "./pair-source.ts";
import { ValueStore, type StoredValues } from "./value-store.ts";

/** Groups in an output batch at most. */
const batchGroups = 4096;
/** Values in an output batch, unless a single group has more. */
const batchValues = 16 * 1024;

/** The values of one input, in the order of their groups. */
interface GroupedInput {
  /** Group number `g` has the values from `starts[g]` to `starts[g + 1]`. */
  readonly starts: Int32Array;
  readonly values: Float64Array | OrderedColumn | readonly unknown[];
}

/** A column, and the order in which its rows come. */
interface OrderedColumn {
  readonly column: Column;
  readonly order: Int32Array;
}

/**
 * Groups the pairs of several inputs by key: batches of `[key, values]`, or with `together` of `[key, [values of the first
 * input, values of the second, ...]]`. Groups come in the order of their keys' hashes, values in the order of arrival.
 */
export function* groupBucket(
  context: KernelContext,
  inputs: readonly Iterable<ColumnBatch>[],
  together: boolean,
): Generator<Batch> {
  const keyIds = new KeyIds();
  const numbered = inputs.map((batches) => numberPairs(context, batches, keyIds));
  const order = orderByHash(keyIds.hashes(), keyIds.count);
  const place = new Int32Array(order.length);
  for (let group = 0; group < order.length; group++) place[order[group]!] = group;
  const grouped = numbered.map((pairs) => groupInput(pairs, place));
  const keys = keyIds.keys();
  for (let from = 0; from < order.length;) {
    context.checkCancelled();
    const to = endOfBatch(grouped, from, order.length);
    const length = to - from;
    const key =
      keys.kind === "number"
        ? ({ kind: "float64", values: gatherNumbers(keys.keys, order, from, to) } as const)
        : gatherKeys(keys, order, from, to);
    const lists = grouped.map((input) => listColumn(input, from, to));
    if (key !== undefined && lists.every((list) => list !== undefined)) {
      const value: Column = together ? { kind: "tuple", children: lists } : lists[0]!;
      yield { length, columns: { length, column: { kind: "tuple", children: [key, value] } } };
    } else {
      const rows = new Array<unknown>(length);
      for (let at = 0; at < length; at++) {
        const group = from + at;
        const values = grouped.map((input) => valuesOf(input, group));
        rows[at] = [keyAt(keys, order[group]!), together ? values : values[0]];
      }
      yield { length, rows };
    }
    from = to;
  }
}

interface NumberedPairs {
  readonly ids: Int32Array;
  readonly values: StoredValues;
}

/** Reads an input's pairs: the id of each one's key, and its value. */
function numberPairs(context: KernelContext, batches: Iterable<ColumnBatch>, keyIds: KeyIds): NumberedPairs {
  const block = new PairBlock();
  const blockIds = new Int32Array(blockRows);
  const store = new ValueStore();
  let ids = new Int32Array(blockRows);
  let count = 0;
  for (const columns of batches) {
    context.checkCancelled();
    if (count + columns.length > ids.length) {
      const more = new Int32Array(Math.max(ids.length * 2, count + columns.length));
      more.set(ids);
      ids = more;
    }
    const batch = new PairBatch({ length: columns.length, columns });
    while (batch.at < batch.length) {
      batch.fillKeys(block);
      keyIds.add(block, blockIds);
      ids.set(blockIds.subarray(0, block.length), count);
      count += block.length;
      block.clear();
    }
    const values = batch.columns?.value;
    if (values !== undefined) store.add(values, columns.length);
    else for (let row = 0; row < columns.length; row++) store.addValue(batch.value(row));
  }
  return { ids: ids.subarray(0, count), values: store.finish() };
}

/** A stable counting sort of the values by group. */
function groupInput({ ids, values }: NumberedPairs, place: Int32Array): GroupedInput {
  const starts = new Int32Array(place.length + 1);
  for (let row = 0; row < ids.length; row++) starts[place[ids[row]!]! + 1]!++;
  for (let group = 0; group < place.length; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice();
  switch (values.kind) {
    case "numbers": {
      const sorted = new Float64Array(ids.length);
      for (let row = 0; row < ids.length; row++) sorted[next[place[ids[row]!]!]!++] = values.values[row]!;
      return { starts, values: sorted };
    }
    case "column": {
      const order = new Int32Array(ids.length);
      for (let row = 0; row < ids.length; row++) order[next[place[ids[row]!]!]!++] = row;
      return { starts, values: { column: values.column, order } };
    }
    case "any": {
      const sorted = new Array<unknown>(ids.length);
      for (let row = 0; row < ids.length; row++) sorted[next[place[ids[row]!]!]!++] = values.values[row];
      return { starts, values: sorted };
    }
  }
}

function endOfBatch(inputs: readonly GroupedInput[], from: number, groups: number): number {
  let to = from + 1;
  const most = Math.min(groups, from + batchGroups);
  const fits = (input: GroupedInput): boolean => input.starts[to + 1]! - input.starts[from]! <= batchValues;
  while (to < most && inputs.every(fits)) to++;
  return to;
}

/** The groups' values as a list column; undefined where they are JavaScript values. */
function listColumn({ starts, values }: GroupedInput, from: number, to: number): Column | undefined {
  const first = starts[from]!;
  const end = starts[to]!;
  let child: Column;
  if (values instanceof Float64Array) child = { kind: "float64", values: values.slice(first, end) };
  else if ("order" in values) child = takeOrdered(values, first, end);
  else return undefined;
  const offsets = new Int32Array(to - from + 1);
  for (let group = from; group <= to; group++) offsets[group - from] = starts[group]! - first;
  return { kind: "list", offsets, child };
}

function takeOrdered({ column, order }: OrderedColumn, from: number, to: number): Column {
  return gather({ length: order.length, column }, order, from, to).column;
}

function valuesOf({ starts, values }: GroupedInput, group: number): unknown[] {
  const from = starts[group]!;
  const to = starts[group + 1]!;
  if (values instanceof Float64Array) return Array.from(values.subarray(from, to));
  if ("order" in values) return rowsOf({ length: to - from, column: takeOrdered(values, from, to) });
  return values.slice(from, to);
}
