import type { ReaderKernel } from "@gloam/plan";

/** Reduce side of `partitionBy` and `repartition`: the rows as they were written, in map order. */
export const shuffledReader: ReaderKernel = {
  kind: "reader",
  open(_context, [input]) {
    return input!.open();
  },
};
