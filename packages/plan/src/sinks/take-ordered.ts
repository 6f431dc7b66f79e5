import type { CapturedFunction } from "@gloam/closure";
import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { compareKeys } from "../keys/compare-keys.ts";
import { planKernel } from "../operation-node.ts";
import { createBoundedHeap } from "./bounded-heap.ts";

/** By what elements are ordered: themselves, a key of each, or the user's comparison. */
export type OrderedBy =
  | { readonly kind: "element" }
  | { readonly kind: "key"; readonly key: CapturedFunction }
  | { readonly kind: "compare"; readonly compare: CapturedFunction };

interface Taking {
  readonly limit: number;
  readonly descending: boolean;
  readonly by: OrderedBy["kind"];
}

/** Gives the partition's first `limit` elements in order, equal ones in the partition's order. */
export function takeOrderedSink(limit: number, descending: boolean, by: OrderedBy): KernelDescription {
  const taking: Taking = { limit, descending, by: by.kind };
  return planKernel("takeOrderedSinkKernel", orderingFunctions(by), taking);
}

/** The user's function of an ordering, for kernels that find out by its kind what it is. */
export function orderingFunctions(by: OrderedBy): CapturedFunction[] {
  return by.kind === "key" ? [by.key] : by.kind === "compare" ? [by.compare] : [];
}

/** Kernel of `takeOrderedSink`. */
export const takeOrderedSinkKernel: SinkKernel = {
  kind: "sink",
  open(context) {
    const { limit, descending, by } = context.data as Taking;
    const compare = by === "compare" ? (context.functions[0] as typeof compareKeys) : compareKeys;
    const heap = context.instantiate(createBoundedHeap)(limit, compare, descending);
    return {
      holdsElements: true,
      emit(code) {
        const key = by === "key" ? `${code.userFunction(0)}(${code.value})` : code.value;
        code.line(`${code.constant(heap)}.offer(${key}, ${code.value});`);
      },
      finish: () => heap.drain(),
    };
  },
};
