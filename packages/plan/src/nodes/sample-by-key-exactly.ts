import { createRandom, deriveSeed, type Random } from "@gloam/common";
import type { RowKernel } from "../kernel.ts";
import { KeyMap } from "../keys/key-map.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { pairCheck } from "../pair-code.ts";
import { drawBinomial, drawHypergeometric } from "./discrete-draws.ts";
import { unknownKey, type SamplingByKey } from "./sample-by-key.ts";

/** How many pairs each key has in a partition. */
export type KeyCounts = readonly (readonly [key: unknown, pairs: number])[];

/** How many pairs of a key a partition has, and how many of them are taken. */
type Quota = readonly [key: unknown, pairs: number, taken: number];

/**
 * Takes exactly `ceil(fraction * pairs)` of each key's pairs, any of them with the same probability. The pairs of each key and partition
 * have to be counted first: `count` runs that job.
 */
export function sampleByKeyExactlyNode(
  origin: NodeOrigin,
  parent: PlanNode,
  { replacement, fractions, seed }: SamplingByKey,
  count: (signal: AbortSignal) => Promise<readonly KeyCounts[]>,
): PlanNode {
  let quotas: readonly (readonly Quota[])[] = [];
  return oneToOneNode(origin, parent, planKernel("sampleByKeyExactlyKernel", [], { replacement, seed }), {
    partitioner: parent.partitioner,
    orderSensitive: true,
    async prepare(signal) {
      const wanted = new KeyMap<number>();
      for (const [key, fraction] of fractions) wanted.set(key, fraction);
      const fractionOf = (key: unknown): number => wanted.get(key) ?? unknownKey(key, origin);
      quotas = quotasOf(await count(signal), fractionOf, replacement, createRandom(deriveSeed(seed, 0, 1)));
    },
    payload: (partition) => quotas[partition],
  });
}

/** Deals out what is taken of each key over the partitions. */
function quotasOf(
  counts: readonly KeyCounts[],
  fractionOf: (key: unknown) => number,
  replacement: boolean,
  source: Random,
): Quota[][] {
  const left = new KeyMap<{ pairs: number; taken: number }>();
  for (const partition of counts) {
    for (const [key, pairs] of partition) {
      const known = left.get(key);
      if (known === undefined) left.set(key, { pairs, taken: 0 });
      else known.pairs += pairs;
    }
  }
  for (const [key, total] of left) {
    const taken = Math.ceil(total.pairs * fractionOf(key));
    total.taken = replacement ? taken : Math.min(total.pairs, taken);
  }
  const random = (): number => source.next();
  return counts.map((partition) =>
    partition.map(([key, pairs]): Quota => {
      const rest = left.get(key)!;
      const taken = replacement
        ? drawBinomial(random, rest.taken, pairs / rest.pairs)
        : drawHypergeometric(random, pairs, rest.pairs, rest.taken);
      rest.pairs -= pairs;
      rest.taken -= taken;
      return [key, pairs, taken];
    }),
  );
}

/** Kernel of `sampleByKeyExactlyNode`; the payload is the partition's quotas. */
export const sampleByKeyExactlyKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    const { replacement, seed } = context.data as Omit<SamplingByKey, "fractions">;
    const source = createRandom(deriveSeed(seed, context.partition));
    const random = (): number => source.next();
    const left = new KeyMap<{ pairs: number; taken: number }>();
    for (const [key, pairs, taken] of context.payload as readonly Quota[]) left.set(key, { pairs, taken });
    const draw = (key: unknown): number => {
      const rest = left.get(key);
      if (rest === undefined || rest.taken === 0) return 0;
      const part = 1 / rest.pairs--;
      const copies = replacement ? drawBinomial(random, rest.taken, part) : random() < rest.taken * part ? 1 : 0;
      rest.taken -= copies;
      return copies;
    };
    const [key, copies] = [code.local(), code.local()];
    code.line(`const ${key} = ${code.value}[0];`);
    code.line(pairCheck(code, key));
    code.loop(`for (let ${copies} = ${code.constant(draw)}(${key}); ${copies} > 0; ${copies}--) {`);
    code.output(code.value);
  },
};
