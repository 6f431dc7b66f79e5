import type { CapturedFunction } from "@gloam/closure";
import { gathered } from "../gathered-reader.ts";
import type { BatchReader, KernelContext, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { RowIterator } from "./row-iterator.ts";

/** Each partition becomes the elements of `f(iterator)`, or of `f(partition, iterator)` where `indexed`. */
export function mapPartitionsNode(
  origin: NodeOrigin,
  parent: PlanNode,
  f: CapturedFunction,
  options: { readonly indexed: boolean; readonly preservesPartitioning: boolean },
): PlanNode {
  return oneToOneNode(origin, parent, planKernel("mapPartitionsKernel", [f], { indexed: options.indexed }), {
    partitioner: options.preservesPartitioning ? parent.partitioner : undefined,
    orderSensitive: true,
  });
}

/** Kernel of `mapPartitionsNode`. */
export const mapPartitionsKernel: ReaderKernel = {
  kind: "reader",
  open(context, [input]): BatchReader {
    const source = gathered(input!.open());
    const { functions, data, partition } = context;
    const f = functions[0] as (...values: unknown[]) => Iterable<unknown>;
    const elements = new MappedPartition(source, context, () => {
      const iterator = new RowIterator(source);
      return (data as { indexed: boolean }).indexed ? f(partition, iterator) : f(iterator);
    });
    return {
      next: () => elements.next(),
      close: () => elements.close(),
      ...(source.ready === undefined ? {} : { ready: () => source.ready?.() }),
    };
  },
};

const batchLength = 4096;

/** Batches of what a function gives for a whole partition. It is called when the first is asked for. */
export class MappedPartition {
  readonly #source: BatchReader;
  readonly #context: KernelContext;
  readonly #call: () => Iterable<unknown>;
  #result: Iterator<unknown> | undefined;
  #done = false;

  constructor(source: BatchReader, context: KernelContext, call: () => Iterable<unknown>) {
    this.#source = source;
    this.#context = context;
    this.#call = call;
  }

  next(): ReturnType<BatchReader["next"]> {
    if (this.#done) return undefined;
    this.#result ??= this.#call()[Symbol.iterator]();
    const rows: unknown[] = [];
    while (rows.length < batchLength) {
      const step = this.#result.next();
      if (step.done === true) {
        this.#done = true;
        break;
      }
      rows.push(step.value);
    }
    this.#context.checkCancelled();
    return rows.length === 0 ? undefined : { length: rows.length, rows };
  }

  /** Runs the function to its end where nobody wants more elements: others may wait for what it does there. */
  drain(): void {
    while (this.next() !== undefined);
  }

  close(): void {
    try {
      if (!this.#done) this.#result?.return?.();
    } finally {
      this.#source.close?.();
    }
  }
}
