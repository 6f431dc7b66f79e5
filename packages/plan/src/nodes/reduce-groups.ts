import type { CapturedFunction } from "@gloam/closure";
import { gathered } from "../gathered-reader.ts";
import { keysEqual } from "../keys/keys-equal.ts";
import type { ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { CalledPartition } from "./called-partition.ts";
import { RowIterator } from "./row-iterator.ts";

/** What `f(key, values)` gives for each key, of pairs whose equal keys stand together. The values are never all in memory. */
export function reduceGroupsNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("reduceGroupsKernel", [f]), { orderSensitive: true });
}

/** Kernel of `reduceGroupsNode`. */
export const reduceGroupsKernel: ReaderKernel = {
  kind: "reader",
  open(context, [input]) {
    const reduce = context.functions[0] as (key: unknown, values: Iterable<unknown>) => Iterable<unknown>;
    const source = gathered(input!.open());
    const groups = new GroupsOfPairs(new RowIterator(source) as Iterator<readonly [unknown, unknown]>);
    return new CalledPartition([source], () => reduced(groups, reduce), () => context.checkCancelled()); // prettier-ignore
  },
};

function* reduced(
  groups: GroupsOfPairs,
  reduce: (key: unknown, values: Iterable<unknown>) => Iterable<unknown>,
): IterableIterator<unknown> {
  while (groups.begin()) yield* reduce(groups.key, groups.values());
}

/** Goes through pairs key by key. */
class GroupsOfPairs {
  key: unknown;
  readonly #pairs: Iterator<readonly [unknown, unknown]>;
  /** The first pair that has not been given; undefined at the end. */
  #next: readonly [unknown, unknown] | undefined;
  #hasBegun = false;

  constructor(pairs: Iterator<readonly [unknown, unknown]>) {
    this.#pairs = pairs;
  }

  /** Goes to the next key, past the values that nobody took; false at the end. */
  begin(): boolean {
    if (this.#hasBegun) while (this.#isOfKey()) this.#advance();
    else this.#advance();
    this.#hasBegun = true;
    this.key = this.#next?.[0];
    return this.#next !== undefined;
  }

  *values(): IterableIterator<unknown> {
    const { key } = this;
    // An iterator that a function kept beyond its key gives nothing more. NaN is a key as well.
    while (Object.is(this.key, key) && this.#isOfKey()) {
      const value = this.#next?.[1];
      this.#advance();
      yield value;
    }
  }

  #isOfKey(): boolean {
    return this.#next !== undefined && keysEqual(this.#next[0], this.key);
  }

  #advance(): void {
    const step = this.#pairs.next();
    this.#next = step.done === true ? undefined : step.value;
  }
}
