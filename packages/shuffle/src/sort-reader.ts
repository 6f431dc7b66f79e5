import { decodeValue } from "@gloam/arrow";
import { GloamError } from "@gloam/common";
import type { Batch, BatchReader, KernelContext, KernelInput, ReaderKernel, ShuffleSegment } from "@gloam/plan";
import { MergedRuns, type Run } from "./merged-runs.ts";
import { sortComparison, type SortComparison } from "./sort-comparison.ts";
import { chunksOf, chunksWithin, decodeSketch, meets, rangeOf, type KeySpan } from "./sort-sketch.ts";

/**
 * Reduce side of `sortByKey`: the pairs of this partition's range of keys, in order, equal keys in the order of the input.
 * Opens only chunks that can have keys of the range, and merges their runs. Data: `{ ascending, roles, only? }`; `only` is an encoded
 * `KeySpan` beyond which keys may be left out.
 */
export const sortReader: ReaderKernel = {
  kind: "reader",
  open(context, [input]) {
    return new SortReader(context, input!);
  },
};

class SortReader implements BatchReader {
  readonly #context: KernelContext;
  readonly #comparison: SortComparison;
  readonly #segments: readonly ShuffleSegment[];
  readonly #merged: MergedRuns;
  #batches: Iterator<Batch> | undefined;

  constructor(context: KernelContext, { segments }: KernelInput) {
    if (segments === undefined) throw new GloamError("GLOAM_INTERNAL", "sortReader reads a shuffle of sortWriter");
    this.#context = context;
    this.#comparison = sortComparison(context);
    this.#segments = segments;
    this.#merged = new MergedRuns(context, this.#comparison);
  }

  next(): Batch | undefined {
    this.#batches ??= this.#merged.batches(this.#runs());
    const next = this.#batches.next();
    return next.done === true ? undefined : next.value;
  }

  close(): void {
    this.#merged.close();
  }

  /** The runs that can have keys of this partition, in the order of segments. */
  #runs(): Run[] {
    const { compare } = this.#comparison;
    const { only: encoded } = this.#context.data as { readonly only?: Uint8Array };
    const only = encoded && (decodeValue(encoded) as KeySpan);
    const sketches = this.#segments.map(({ sketch }) => {
      if (sketch === undefined) throw new GloamError("GLOAM_INTERNAL", "a sorted map output has no sketch");
      return decodeSketch(sketch);
    });
    const range = rangeOf(sketches, this.#context.partition, compare);
    if (range.empty || (only !== undefined && !meets(range, only, compare))) return [];
    return this.#segments.flatMap((segment, index) =>
      sketches[index]!.runs.flatMap((run): Run[] => {
        const chunks = chunksOf(run, range, compare);
        const { from, to } = only === undefined ? chunks : chunksWithin(run, chunks, only, compare);
        if (from === to) return [];
        return [{ range, open: () => segment.open(run.firstChunk + from, run.firstChunk + to) }];
      }),
    );
  }
}
