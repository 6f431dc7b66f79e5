import { createRandom, deriveSeed, GloamError } from "@gloam/common";
import { inspect } from "node:util";
import type { RowKernel } from "../kernel.ts";
import { KeyMap } from "../keys/key-map.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { pairCheck } from "../pair-code.ts";
import { poissonSource } from "./poisson.ts";

/** How to sample the pairs of each key: see `Sampling`, with a fraction for each. */
export interface SamplingByKey {
  readonly replacement: boolean;
  readonly fractions: readonly (readonly [key: unknown, fraction: number])[];
  readonly seed: number;
}

/** Takes a random part of each key's pairs: the same whenever seed, partitions and their order are. Keeps the partitioner. */
export function sampleByKeyNode(origin: NodeOrigin, parent: PlanNode, sampling: SamplingByKey): PlanNode {
  return oneToOneNode(origin, parent, planKernel("sampleByKeyKernel", [], sampling), {
    partitioner: parent.partitioner,
    orderSensitive: true,
  });
}

/** Kernel of `sampleByKeyNode`. */
export const sampleByKeyKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    const { replacement, fractions, seed } = context.data as SamplingByKey;
    const source = createRandom(deriveSeed(seed, context.partition));
    const random = (): number => source.next();
    const draws = new KeyMap<() => number>();
    for (const [key, fraction] of fractions)
      draws.set(key, replacement ? poissonSource(fraction, random) : () => (random() < fraction ? 1 : 0));
    const draw = (key: unknown): number => (draws.get(key) ?? unknownKey(key))();
    const [key, copies] = [code.local(), code.local()];
    code.line(`const ${key} = ${code.value}[0];`);
    code.line(pairCheck(code, key));
    code.loop(`for (let ${copies} = ${code.constant(draw)}(${key}); ${copies} > 0; ${copies}--) {`);
    code.output(code.value);
  },
};

function unknownKey(key: unknown): never {
  const shown = inspect(key, { depth: 1, breakLength: Infinity, maxStringLength: 60, maxArrayLength: 5 });
  throw new GloamError("GLOAM_ARGUMENT_INVALID", `no fraction was given for the key ${shown.slice(0, 200)}`, {
    hint: "give a fraction for every key, 0 where none of its pairs is wanted",
  });
}
