import { decodeValue } from "@gloam/arrow";
import { createAggregator, type AggregatorDescription, type KernelContext } from "@gloam/plan";
import { functionOf, type UserFunction } from "./kernel-data.ts";
import { topCombiner } from "./top-combiner.ts";

/** Combines numbers into numbers; stops at the first combiner that is none, and puts it into `escaped`. */
type CombineNumbers = (
  combiners: Float64Array,
  filled: number,
  ids: Int32Array,
  from: number,
  to: number,
  values: Float64Array,
  escaped: { combiner: unknown },
) => number;

/** Combines anything. */
type CombineAny = (
  combiners: unknown[],
  filled: number,
  ids: Int32Array,
  from: number,
  to: number,
  values: ArrayLike<unknown>,
) => void;

/** The calls of the user's functions in an aggregation, compiled for them alone. */
export interface CombineCode {
  readonly numbers: CombineNumbers;
  readonly any: CombineAny;
  /** A key's first combiner. */
  readonly create: (value: unknown) => unknown;
  /** Adds a value to a combiner. */
  readonly merge: (combiner: unknown, value: unknown) => unknown;
  /** What of a finished combiner is written, where that is not itself. */
  readonly seal?: ((combiner: unknown) => unknown) | undefined;
  /** Whether a first combiner is the value itself. */
  readonly createsNothing: boolean;
}

/** Data of `combineWriter` and `combineReader`, beside the roles of functions. */
interface CombineData {
  /** An encoded value: a key's first combiner is `mergeValue(zero, value)`, with a copy of its own. */
  readonly zero?: Uint8Array | undefined;
  /** A key's combiner is the array of so many of its values, the last of an order: see `topCombiner`. */
  readonly top?: number | undefined;
  /** An aggregation that Gloam brings, instead of functions. */
  readonly aggregator?: AggregatorDescription | undefined;
}

/** Code that makes combiners of values. Without the role `mergeValue` a key's first combiner stays. */
export function valueCombining(context: KernelContext): CombineCode {
  const { zero, top, aggregator: description } = (context.data ?? {}) as CombineData;
  if (top !== undefined) {
    const { create, mergeValue } = topCombiner(context, top);
    return combineCode(context, create, mergeValue);
  }
  if (description !== undefined) {
    const aggregator = createAggregator(description);
    const add: UserFunction = (sketch, value) => aggregator.add(sketch, value);
    const code = combineCode(context, (value) => aggregator.add(aggregator.start(), value), add);
    return { ...code, seal: (sketch) => aggregator.toBytes(sketch) };
  }
  const merge = functionOf(context, "mergeValue")?.call ?? context.instantiate(keepFirst);
  const create = functionOf(context, "create")?.call;
  if (create !== undefined) return combineCode(context, create, merge);
  if (zero === undefined) return combineCode(context, undefined, merge);
  return combineCode(context, context.instantiate(createFromZero)(zeroSource(zero), merge), merge);
}

/** Code that merges combiners. */
export function combinerMerging(context: KernelContext): CombineCode {
  const { top, aggregator: description } = (context.data ?? {}) as CombineData;
  if (top !== undefined) return combineCode(context, undefined, topCombiner(context, top).mergeCombiners);
  if (description !== undefined) {
    const aggregator = createAggregator(description);
    const unseal = (bytes: unknown): unknown => aggregator.fromBytes(bytes as Uint8Array);
    return combineCode(context, unseal, (sketch, bytes) => aggregator.merge([sketch, unseal(bytes)]));
  }
  const merge = functionOf(context, "mergeCombiners")?.call ?? context.instantiate(keepFirst);
  return combineCode(context, undefined, merge);
}

/** Code that puts finished combiners, of keys that occur once, where they belong. */
export function combinerLoading(context: KernelContext): CombineCode {
  return combineCode(context, undefined, context.instantiate(keepFirst));
}

function combineCode(context: KernelContext, given: UserFunction | undefined, merge: UserFunction): CombineCode {
  const create = given ?? context.instantiate(identity);
  return {
    numbers: context.instantiate(combineNumbers)(create, merge),
    any: context.instantiate(combineAny)(create, merge),
    create,
    merge,
    createsNothing: given === undefined,
  };
}

function zeroSource(encoded: Uint8Array): () => unknown {
  const zero = decodeValue(encoded);
  // Only objects can be changed by the function that gets them.
  return typeof zero === "object" && zero !== null ? () => decodeValue(encoded) : () => zero;
}

// The functions below are templates: self-contained, and compiled anew for each set of user functions.

function identity(value: unknown): unknown {
  return value;
}

function keepFirst(combiner: unknown): unknown {
  return combiner;
}

function createFromZero(zero: () => unknown, merge: UserFunction): UserFunction {
  return (value) => merge(zero(), value);
}

/** A row whose id is not among the `filled` ones yet is its key's first: ids count up in the order of appearance. */
function combineNumbers(create: UserFunction, merge: UserFunction): CombineNumbers {
  return (combiners, filled, ids, from, to, values, escaped) => {
    let next = filled;
    for (let at = from; at < to; at++) {
      const id = ids[at]!;
      let combiner: unknown;
      if (id === next) {
        next++;
        combiner = create(values[at]!);
      } else {
        combiner = merge(combiners[id]!, values[at]!);
      }
      if (typeof combiner !== "number") {
        escaped.combiner = combiner;
        return at;
      }
      combiners[id] = combiner;
    }
    return to;
  };
}

function combineAny(create: UserFunction, merge: UserFunction): CombineAny {
  return (combiners, filled, ids, from, to, values) => {
    let next = filled;
    for (let at = from; at < to; at++) {
      const id = ids[at]!;
      if (id === next) {
        next++;
        combiners.push(create(values[at]));
      } else {
        combiners[id] = merge(combiners[id], values[at]);
      }
    }
  };
}
