import type { BatchReader, KernelContext, KernelInput, ReaderKernel } from "@gloam/plan";
import { BlockingReader } from "./blocking-reader.ts";
import { Grouping } from "./grouping.ts";

/**
 * Reduce side of `groupByKey`: `[key, values]` for each key, in the order of the keys' hashes, the values in the order of the
 * input.
 */
export const groupReader: ReaderKernel = {
  kind: "reader",
  open: (context, inputs) => openGrouping(context, inputs, false),
};

/**
 * Reduce side of `cogroup`: `[key, [values of the first input, values of the second, ...]]` for each key of any input, in
 * the order of the keys' hashes.
 */
export const cogroupReader: ReaderKernel = {
  kind: "reader",
  open: (context, inputs) => openGrouping(context, inputs, true),
};

function openGrouping(context: KernelContext, inputs: readonly KernelInput[], together: boolean): BatchReader {
  const grouping = new Grouping(context, inputs.length, together);
  return new BlockingReader(
    context,
    inputs.map((input) => input.open()),
    {
      take: (input, block) => grouping.add(input, block),
      wantsWhole: (columns) => grouping.wantsWhole(columns),
      takeWhole: (input, columns) => grouping.addWhole(input, columns),
      batches: () => grouping.batches(),
      close: () => grouping.close(),
    },
  );
}
