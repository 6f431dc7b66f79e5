import type { PieceOfPartition } from "@gloam/scheduler";

/** Puts results of parts of partitions together: gives the result of a partition when its last part is there. */
export class ResultPieces {
  readonly #join: (pieces: readonly unknown[]) => unknown;
  readonly #waiting = new Map<number, { readonly pieces: unknown[]; missing: number }>();

  constructor(join: (pieces: readonly unknown[]) => unknown) {
    this.#join = join;
  }

  /** Takes the result of a part; gives that of the partition, in an object, when this was the last. */
  add(index: number, { piece, of }: PieceOfPartition, value: unknown): { readonly value: unknown } | undefined {
    const waiting = this.#waiting.get(index) ?? { pieces: Array.from<unknown>({ length: of }), missing: of };
    this.#waiting.set(index, waiting);
    waiting.pieces[piece] = value;
    if (--waiting.missing > 0) return undefined;
    this.#waiting.delete(index);
    return { value: this.#join(waiting.pieces) };
  }
}
