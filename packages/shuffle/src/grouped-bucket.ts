import type { Column, ColumnBatch } from "@gloam/arrow";
import type { Batch, KernelContext } from "@gloam/plan";
import { gatherKeys, gatherNumbers, keyAt } from "./gather-pairs.ts";
import { orderByHash } from "./hash-order.ts";
import { KeyIds } from "./key-ids.ts";
import { blockRows, PairBlock } from "./pair-block.ts";
import { PairBatch } from "./pair-source.ts";

/** Groups in an output batch at most. */
const batchGroups = 4096;
/** Values in an output batch, unless a single group has more. */
const batchValues = 16 * 1024;

/** The values of one input, in the order of their groups. */
interface GroupedInput {
  /** Group number `g` has the values from `starts[g]` to `starts[g + 1]`. */
  readonly starts: Int32Array;
  /** A Float64Array where all are numbers. */
  readonly values: Float64Array | readonly unknown[];
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
  readonly values: Float64Array | readonly unknown[];
}

/** Reads an input's pairs: the id of each one's key, and its value. */
function numberPairs(context: KernelContext, batches: Iterable<ColumnBatch>, keyIds: KeyIds): NumberedPairs {
  const block = new PairBlock();
  const blockIds = new Int32Array(blockRows);
  let ids = new Int32Array(blockRows);
  let numbers: Float64Array | undefined = new Float64Array(blockRows);
  let values: unknown[] = [];
  let count = 0;
  for (const columns of batches) {
    context.checkCancelled();
    const batch = new PairBatch({ length: columns.length, columns });
    while (batch.at < batch.length) {
      batch.fill(block);
      block.hash();
      keyIds.add(block, blockIds);
      const { length } = block;
      if (count + length > ids.length) {
        ids = enlarged(ids, new Int32Array(Math.max(ids.length * 2, count + length)));
        if (numbers !== undefined) numbers = enlarged(numbers, new Float64Array(ids.length));
      }
      ids.set(blockIds.subarray(0, length), count);
      if (numbers !== undefined && !block.numberValues) {
        values = Array.from(numbers.subarray(0, count));
        numbers = undefined;
      }
      if (numbers !== undefined) numbers.set(block.numbers.subarray(0, length), count);
      else for (let at = 0; at < length; at++) values.push(block.values[at]);
      count += length;
      block.clear();
    }
  }
  return { ids: ids.subarray(0, count), values: numbers?.subarray(0, count) ?? values };
}

function enlarged<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** A stable counting sort of the values by group. */
function groupInput({ ids, values }: NumberedPairs, place: Int32Array): GroupedInput {
  const starts = new Int32Array(place.length + 1);
  for (let row = 0; row < ids.length; row++) starts[place[ids[row]!]! + 1]!++;
  for (let group = 0; group < place.length; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice();
  if (values instanceof Float64Array) {
    const sorted = new Float64Array(ids.length);
    for (let row = 0; row < ids.length; row++) sorted[next[place[ids[row]!]!]!++] = values[row]!;
    return { starts, values: sorted };
  }
  const sorted = new Array<unknown>(ids.length);
  for (let row = 0; row < ids.length; row++) sorted[next[place[ids[row]!]!]!++] = values[row];
  return { starts, values: sorted };
}

function endOfBatch(inputs: readonly GroupedInput[], from: number, groups: number): number {
  let to = from + 1;
  const most = Math.min(groups, from + batchGroups);
  const fits = (input: GroupedInput): boolean => input.starts[to + 1]! - input.starts[from]! <= batchValues;
  while (to < most && inputs.every(fits)) to++;
  return to;
}

/** The groups' values as a list column; undefined where they are not all numbers. */
function listColumn({ starts, values }: GroupedInput, from: number, to: number): Column | undefined {
  if (!(values instanceof Float64Array)) return undefined;
  const first = starts[from]!;
  const offsets = new Int32Array(to - from + 1);
  for (let group = from; group <= to; group++) offsets[group - from] = starts[group]! - first;
  return { kind: "list", offsets, child: { kind: "float64", values: values.slice(first, starts[to]!) } };
}

function valuesOf({ starts, values }: GroupedInput, group: number): unknown[] {
  const from = starts[group]!;
  const to = starts[group + 1]!;
  return values instanceof Float64Array ? Array.from(values.subarray(from, to)) : values.slice(from, to);
}
