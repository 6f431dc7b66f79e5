import type { NodeId, PlanNode } from "./node.ts";

/** A preparation under way, for all jobs that wait for it. */
interface UnderWay {
  readonly done: Promise<void>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Prepares nodes, ancestors first, each once however many jobs need it, and asks each for its partition count, so that
 * later nobody asks through a long chain. A preparation that failed, or that every job stopped waiting for, is begun
 * again by the next job.
 */
export class Preparation {
  readonly #prepared = new WeakSet<PlanNode>();
  readonly #underWay = new Map<NodeId, UnderWay>();

  /** Rejects with the signal's reason when it aborts. */
  async prepare(ancestorsFirst: readonly PlanNode[], signal?: AbortSignal): Promise<void> {
    for (const node of ancestorsFirst) {
      if (this.#prepared.has(node)) continue;
      if (node.prepare !== undefined) await this.#wait(node, signal);
      node.partitionCount();
      this.#prepared.add(node);
    }
  }

  async #wait(node: PlanNode, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const work = this.#underWay.get(node.id) ?? this.#start(node);
    work.waiting++;
    try {
      await (signal === undefined ? work.done : Promise.race([work.done, abortOf(signal, work.done)]));
    } finally {
      if (--work.waiting === 0) {
        this.#underWay.delete(node.id);
        work.controller.abort();
      }
    }
  }

  #start(node: PlanNode): UnderWay {
    const controller = new AbortController();
    const work = { done: node.prepare?.(controller.signal) ?? Promise.resolve(), controller, waiting: 0 };
    this.#underWay.set(node.id, work);
    return work;
  }
}

/** Rejects when the signal aborts before the work is done. */
function abortOf(signal: AbortSignal, done: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    const settle = (): void => {
      signal.removeEventListener("abort", abort);
      resolve();
    };
    done.then(settle, settle);
  });
}
