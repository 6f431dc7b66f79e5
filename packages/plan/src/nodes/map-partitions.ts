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

/** Calls `f(iterator)` for each partition, for its effects; gives no elements. */
export function forEachPartitionNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("mapPartitionsKernel", [f], { indexed: false, forEffects: true }));
}

/** Data of the kernel. */
interface Calling {
  readonly indexed: boolean;
  /** What the function gives is no elements. */
  readonly forEffects?: boolean;
}

/** Kernel of `mapPartitionsNode` and `forEachPartitionNode`. */
export const mapPartitionsKernel: ReaderKernel = {
  kind: "reader",
  open(context, [input]): BatchReader {
    const source = gathered(input!.open());
    const elements = new MappedPartition(source, context);
    return {
      next: () => elements.next(),
      close: () => elements.close(),
      ...(source.ready === undefined ? {} : { ready: () => source.ready?.() }),
    };
  },
};

const batchLength = 4096;

class MappedPartition {
  readonly #source: BatchReader;
  readonly #context: KernelContext;
  #result: Iterator<unknown> | undefined;
  #done = false;

  constructor(source: BatchReader, context: KernelContext) {
    this.#source = source;
    this.#context = context;
  }

  next(): ReturnType<BatchReader["next"]> {
    if (this.#done) return undefined;
    this.#result ??= this.#call();
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

  close(): void {
    try {
      if (!this.#done) this.#result?.return?.();
    } finally {
      this.#source.close?.();
    }
  }

  #call(): Iterator<unknown> {
    const { functions, data, partition } = this.#context;
    const { indexed, forEffects = false } = data as Calling;
    const f = functions[0] as (...values: unknown[]) => Iterable<unknown>;
    const elements = new RowIterator(this.#source);
    const result = indexed ? f(partition, elements) : f(elements);
    if (!forEffects) return result[Symbol.iterator]();
    readGenerator(result);
    return [][Symbol.iterator]();
  }
}

/** A generator does nothing before it is read. */
function readGenerator(result: unknown): void {
  const generator = result as Iterator<unknown> | undefined | null;
  if (typeof generator?.next === "function") while (generator.next().done !== true);
}
