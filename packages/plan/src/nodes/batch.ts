import type { Batch } from "../batch.ts";
import type { BatchReader, KernelContext, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { rowsOfBatch } from "../rows-of-batch.ts";

/** The elements of each partition as arrays of `size`; the last of a partition may be shorter. */
export function batchNode(origin: NodeOrigin, parent: PlanNode, size: number): PlanNode {
  return oneToOneNode(origin, parent, planKernel("batchKernel", [], size), { orderSensitive: true });
}

/** Kernel of `batchNode`; data is the size. */
export const batchKernel: ReaderKernel = {
  kind: "reader",
  open: (context, [input]) => new BatchingReader(input!.open(), context),
};

/** Cuts elements into arrays as they come: no more than one of them is held beside a batch of the input. */
class BatchingReader implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
  readonly #input: BatchReader;
  readonly #size: number;
  #begun: unknown[] = [];
  #ended = false;

  constructor(input: BatchReader, context: KernelContext) {
    this.#input = input;
    this.#size = context.data as number;
    const ready = input.ready?.bind(input);
    if (ready !== undefined) this.ready = () => (this.#ended ? undefined : ready());
  }

  next(): Batch | undefined {
    if (this.#ended) return undefined;
    const full: unknown[] = [];
    const batch = this.#input.next();
    if (batch === undefined) {
      this.#ended = true;
      if (this.#begun.length > 0) full.push(this.#begun);
    } else {
      const rows = rowsOfBatch(batch);
      for (let at = 0; at < batch.length; at++) {
        this.#begun.push(rows[at]);
        if (this.#begun.length < this.#size) continue;
        full.push(this.#begun);
        this.#begun = [];
      }
    }
    return { length: full.length, rows: full };
  }

  close(): void {
    this.#input.close?.();
  }
}
