import type { ReaderKernel } from "@gloam/plan";
import { combinerMerging, valueCombining } from "./combine-code.ts";
import { BlockingReader } from "./blocking-reader.ts";
import { SpillingAggregation } from "./spilling-aggregation.ts";

/**
 * Reduce side of `combineByKey` and its kin: `[key, combiner]` for each key, in the order of the keys' hashes. Combines in
 * the order of the input, whatever had to be spilled. Data: `{ roles, zero?, mapSide }`; with `mapSide` the input has
 * combiners, else values. Several inputs are combined as one, one after the other.
 */
export const combineReader: ReaderKernel = {
  kind: "reader",
  open(context, inputs) {
    const { mapSide } = context.data as { readonly mapSide: boolean };
    const code = mapSide ? combinerMerging(context) : valueCombining(context);
    const aggregation = new SpillingAggregation(context, code);
    const readers = inputs.map((input) => input.open());
    return new BlockingReader(context, readers, {
      take: (_input, block) => aggregation.add(block),
      wantsWhole: (columns) => aggregation.wantsWhole(columns),
      takeWhole: (_input, columns) => aggregation.addWhole(columns),
      batches: () => aggregation.batches(),
      close: () => aggregation.close(),
    });
  },
};
