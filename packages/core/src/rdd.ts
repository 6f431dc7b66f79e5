import { captureCallSite, GloamError } from "@gloam/common";
import { transferSymbol, type Transfer } from "@gloam/closure";
import type { PlanNode } from "@gloam/plan";
import type { GloamContext } from "./context.ts";

/**
 * A resilient distributed dataset: a lazy, immutable, partitioned collection that its lineage can compute again. Operations
 * that give another `Rdd` only build the plan; actions, which give promises, run a job.
 *
 * A handle keeps its plan's shuffles and caches alive. They are freed when no handle that depends on them can be reached
 * any more, or at once by `dispose()` or `using`.
 *
 * The methods stand in files by family; each adds its own to this class.
 */
export class Rdd<T> {
  /** The context that made it. */
  readonly context: GloamContext;
  readonly #node: PlanNode;
  #disposed = false;

  /** For libraries that bring operations of their own: a handle of a node of this context's plan. */
  constructor(context: GloamContext, node: PlanNode) {
    this.context = context;
    this.#node = node;
    context.lifetimes.track(this, node);
  }

  /**
   * The node of the plan, for libraries that bring operations of their own.
   * @throws GloamError `GLOAM_RDD_DISPOSED`
   */
  get node(): PlanNode {
    if (this.#disposed) {
      throw new GloamError("GLOAM_RDD_DISPOSED", `this RDD (${this.#node.operation}) has been disposed of`, {
        callSite: captureCallSite(),
      });
    }
    return this.#node;
  }

  /**
   * Lets go of this handle at once: shuffles and caches that no other handle needs are freed. The handle cannot be used any
   * more; RDDs that were made from it can. Harmless when called again.
   *
   * @example
   * const squares = gc.range(4).map((x) => x * x).cache();
   * await squares.count(); // 4
   * squares.dispose();
   */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.context.lifetimes.untrack(this, this.#node);
  }

  /** Same as `dispose()`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** An RDD inside another RDD's function cannot work: executors have no driver. */
  [transferSymbol](): Transfer {
    return { refuse: "is an RDD", mend: "join the two RDDs, or collect the smaller one first and capture the array" };
  }

  /** @internal Names the type parameter for the compiler; there is no such property. */
  declare readonly "~element"?: T;
}
