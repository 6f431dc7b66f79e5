import type { PlanNode } from "./node.ts";

/**
 * Prepares nodes, ancestors first, each once however many jobs need it, and asks each for its partition count, so that
 * later nobody asks through a long chain. A node whose preparation failed is tried again by the next job.
 */
export class Preparation {
  readonly #prepared = new WeakMap<PlanNode, Promise<void> | true>();

  async prepare(ancestorsFirst: readonly PlanNode[]): Promise<void> {
    for (const node of ancestorsFirst) {
      const state = this.#prepared.get(node);
      if (state === true) continue;
      if (node.prepare !== undefined) await (state ?? this.#start(node, node.prepare.bind(node)));
      node.partitionCount();
      this.#prepared.set(node, true);
    }
  }

  #start(node: PlanNode, prepare: () => Promise<void>): Promise<void> {
    const started = prepare();
    this.#prepared.set(node, started);
    started.catch(() => this.#prepared.delete(node));
    return started;
  }
}
