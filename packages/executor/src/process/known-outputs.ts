import { GloamError } from "@gloam/common";
import type { ShuffleInput } from "../task-messages.ts";

type KnownOutput = ShuffleInput["outputs"][number];

/**
 * The map outputs that an executor has been told of, shuffle by shuffle. A driver says where an output lies once for each
 * executor, not once for each task that reads it: with as many reducers as map tasks that would be their product.
 */
export class KnownOutputs {
  readonly #shuffles = new Map<number, Map<number, KnownOutput>>();

  /** Takes outputs in; one of a partition that is known takes its place. */
  add(shuffle: number, outputs: Iterable<KnownOutput>): void {
    const known = this.#shuffles.get(shuffle) ?? new Map<number, KnownOutput>();
    this.#shuffles.set(shuffle, known);
    for (const output of outputs) known.set(output.partition, output);
  }

  forget(shuffle: number): void {
    this.#shuffles.delete(shuffle);
  }

  /** What a task that comes now reads, in map order. */
  of(shuffle: number): ShuffleInput {
    const known = this.#shuffles.get(shuffle);
    if (known === undefined) throw new GloamError("GLOAM_INTERNAL", `nothing is known of shuffle ${shuffle}`);
    return { shuffle, outputs: [...known.values()].sort((a, b) => a.partition - b.partition) };
  }
}
