import { createIdentifier, GloamError, isGloamError, type Random } from "@gloam/common";
import {
  abortJob,
  checkpointFileName,
  checkpointSink,
  checkpointSource,
  commitJob,
  prepareOutput,
  type CheckpointPart,
} from "@gloam/io";
import {
  countSink,
  lostPartition,
  type KernelDescription,
  type NodeId,
  type PlanNode,
  type SourceParts,
} from "@gloam/plan";
import { join } from "node:path";
import type { Call } from "./arguments.ts";
import type { ActionOptions } from "./options.ts";

type RunSink = (sink: KernelDescription) => Promise<unknown[]>;

/** A node whose lineage is to be cut. */
interface Mark {
  readonly node: PlanNode;
  readonly call: Call;
  /** Where its partitions go; undefined where they stay with the executors. */
  readonly directory: string | undefined;
  /**
   * Settled, and never rejected, when its partitions have been written or could not be: whether the job that wrote them was cancelled
   * by something else than its own signal. Undefined while nobody writes them.
   */
  writing: Promise<boolean> | undefined;
}

/** What checkpoints need of the context around them. */
export interface CheckpointHost {
  readonly random: Random;
  /** Runs a sink over all partitions of a node, and writes no checkpoint after it. */
  results(call: Call, node: PlanNode, sink: KernelDescription, options: ActionOptions): Promise<unknown[]>;
  /** Whether a job that is under way has the node in its lineage. */
  isUsed(node: NodeId): boolean;
  /** Makes a source of a node, and lets go of what only it held. */
  cut(node: PlanNode, source: SourceParts): void;
}

/**
 * Checkpoints of a context: what was marked is written after the first job that has it in its lineage, and then cut off from
 * what it was computed from, as soon as no job under way goes by that.
 */
export class Checkpoints {
  readonly #host: CheckpointHost;
  readonly #marks = new Map<NodeId, Mark>();
  /** Nodes to cut when no job uses them any more, and what they become. */
  readonly #due = new Map<PlanNode, SourceParts>();
  /** The directory of each checkpoint that is written; undefined for those whose blocks stay with executors. */
  readonly #done = new Map<NodeId, string | undefined>();
  #directory: string | undefined;

  constructor(host: CheckpointHost) {
    this.#host = host;
  }

  /** Where checkpoints go from now on: into a directory of this context's own there. */
  setDirectory(directory: string): void {
    this.#directory = join(directory, `gloam-${createIdentifier(this.#host.random, 16)}`);
  }

  /** Whether a node's partitions are kept for a checkpoint to come, so that they are computed once. */
  isMarked(node: NodeId): boolean {
    return this.#marks.has(node);
  }

  /** Marks a node. @throws GloamError `GLOAM_CHECKPOINT_DIRECTORY_UNSET` */
  mark(node: PlanNode, call: Call, isLocal: boolean): void {
    if (this.#done.has(node.id) || this.#marks.get(node.id)?.writing !== undefined) return;
    if (!isLocal && this.#directory === undefined) {
      const { operation, callSite } = call;
      throw new GloamError("GLOAM_CHECKPOINT_DIRECTORY_UNSET", "there is no directory for checkpoints", {
        operation,
        callSite,
      });
    }
    const directory = isLocal || this.#directory === undefined ? undefined : join(this.#directory, `rdd-${node.id}`);
    this.#marks.set(node.id, { node, call, directory, writing: undefined });
  }

  isDone(node: NodeId): boolean {
    return this.#done.has(node);
  }

  /** The directory of a written checkpoint. */
  fileOf(node: NodeId): string | undefined {
    return this.#done.get(node);
  }

  /** A node is needed no longer. */
  forget(node: NodeId): void {
    this.#marks.delete(node);
    this.#done.delete(node);
  }

  /**
   * Writes what is marked among the nodes of a job that has ended well, ancestors first. What another job's end has begun to write is waited
   * for, and written where that fails; a signal that is aborted meanwhile ends the waiting. What somebody cancelled is left to later jobs.
   */
  async write(ancestorsFirst: Iterable<PlanNode>, { signal }: ActionOptions = {}): Promise<void> {
    if (this.#marks.size === 0) return;
    for (const { id } of ancestorsFirst) {
      for (;;) {
        const mark = this.#marks.get(id);
        if (mark === undefined || this.#done.has(id)) break;
        if (mark.writing === undefined) {
          await this.#writeAlone(mark, signal);
          break;
        }
        // The job itself has ended well, and whoever writes goes on.
        if (signal?.aborted === true) break;
        if (await untilAborted(mark.writing, signal)) break;
      }
    }
    this.cutDue();
  }

  /** Cuts what no job uses any more. */
  cutDue(): void {
    for (const [node, source] of this.#due) {
      if (this.#host.isUsed(node.id)) continue;
      this.#due.delete(node);
      this.#marks.delete(node.id);
      this.#host.cut(node, source);
    }
  }

  async #writeAlone(mark: Mark, signal: AbortSignal | undefined): Promise<void> {
    const work = this.#write(mark, signal).finally(() => (mark.writing = undefined));
    mark.writing = work.then(
      () => false,
      (error: unknown) => isGloamError(error) && error.code === "GLOAM_JOB_CANCELLED" && signal?.aborted !== true,
    );
    await work;
  }

  async #write({ node, call, directory }: Mark, signal: AbortSignal | undefined): Promise<void> {
    const run = (sink: KernelDescription): Promise<unknown[]> => this.#host.results(call, node, sink, { signal });
    const source = directory === undefined ? await keep(run) : await this.#writeFiles(run, call, directory);
    this.#done.set(node.id, directory);
    this.#due.set(node, source);
  }

  async #writeFiles(run: RunSink, { callSite }: Call, directory: string): Promise<SourceParts> {
    const output = await prepareOutput(directory, { id: createIdentifier(this.#host.random), callSite });
    try {
      const parts = (await run(checkpointSink(output))) as CheckpointPart[];
      await commitJob(output, parts.length, callSite);
      const payload = (partition: number): unknown => {
        return { path: join(directory, checkpointFileName(partition)), ...parts[partition] };
      };
      return { kernel: checkpointSource(), payload };
    } catch (error) {
      await abortJob(output);
      throw error;
    }
  }
}

/** Waits for what never fails, no longer than until a signal is aborted; false then. */
async function untilAborted(work: Promise<boolean>, signal: AbortSignal | undefined): Promise<boolean> {
  if (signal === undefined) return work;
  return new Promise((resolve) => {
    const abort = (): void => resolve(false);
    signal.addEventListener("abort", abort);
    void work.then((cancelled) => {
      signal.removeEventListener("abort", abort);
      resolve(cancelled);
    });
  });
}

/** Sees to it that every partition is kept. */
async function keep(run: RunSink): Promise<SourceParts> {
  await run(countSink());
  return { kernel: lostPartition() };
}
