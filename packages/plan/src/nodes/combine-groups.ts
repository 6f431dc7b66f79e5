import type { CapturedFunction } from "@gloam/closure";
import { gathered } from "../gathered-reader.ts";
import { KeyMap } from "../keys/key-map.ts";
import type { ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { CalledPartition } from "./called-partition.ts";
import { RowIterator } from "./row-iterator.ts";

/**
 * Pairs with fewer values that stand for those of the partition: `f(key, values)` gives the pairs that take their place.
 * It is called as often as memory wants it, also for what it gave itself.
 */
export function combineGroupsNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("combineGroupsKernel", [f]), { orderSensitive: true });
}

/** Kernel of `combineGroupsNode`. */
export const combineGroupsKernel: ReaderKernel = {
  kind: "reader",
  open(context, [input]) {
    const combine = context.functions[0] as Combine;
    const source = gathered(input!.open());
    const pairs = new RowIterator(source) as IterableIterator<readonly [unknown, unknown]>;
    return new CalledPartition([source], () => combined(pairs, combine), () => context.checkCancelled()); // prettier-ignore
  },
};

type Combine = (key: unknown, values: readonly unknown[]) => Iterable<readonly [unknown, unknown]>;

/** Values that are held before they are combined. */
const heldValues = 1 << 16;

function* combined(
  pairs: Iterable<readonly [unknown, unknown]>,
  combine: Combine,
): IterableIterator<readonly [unknown, unknown]> {
  let groups = new KeyMap<unknown[]>();
  let held = 0;
  const add = ([key, value]: readonly [unknown, unknown]): void => {
    held++;
    const values = groups.get(key);
    if (values === undefined) groups.set(key, [value]);
    else values.push(value);
  };
  for (const pair of pairs) {
    add(pair);
    if (held < heldValues) continue;
    const full = groups;
    groups = new KeyMap();
    held = 0;
    for (const given of combineEach(full, combine)) add(given);
    if (held <= heldValues / 2) continue;
    // What is left is mostly different keys: it goes on as it is.
    for (const [key, values] of groups) for (const value of values) yield [key, value];
    groups = new KeyMap();
    held = 0;
  }
  yield* combineEach(groups, combine);
}

function* combineEach(groups: KeyMap<unknown[]>, combine: Combine): IterableIterator<readonly [unknown, unknown]> {
  for (const [key, values] of groups) yield* combine(key, values);
}
