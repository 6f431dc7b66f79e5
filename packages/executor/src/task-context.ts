import type { BlockOutput, KernelContext, TaskMemory } from "@gloam/plan";
import type { CodeCache } from "./code-cache.ts";

/** What all kernels of one task share. */
export interface TaskEnvironment {
  readonly stage: number;
  readonly attempt: number;
  readonly memory: TaskMemory;
  readonly output: BlockOutput;
  readonly cache: CodeCache;
  readonly checkCancelled: () => void;
  readonly onCompletion: (action: () => void) => void;
}

/** One node of a stage as a task sees it. */
export interface NodeOfTask {
  readonly functions: readonly ((...values: never[]) => unknown)[];
  /** Joined hashes of the functions' code. */
  readonly functionHashes: string;
  readonly data: unknown;
  readonly textUses: KernelContext["textUses"];
}

/** Gives a kernel its view of the task, for one partition of its node. */
export function kernelContext(
  environment: TaskEnvironment,
  node: NodeOfTask,
  partition: number,
  payload: unknown,
): KernelContext {
  return {
    stage: environment.stage,
    partition,
    attempt: environment.attempt,
    functions: node.functions,
    textUses: node.textUses,
    data: node.data,
    payload,
    memory: environment.memory,
    output: environment.output,
    instantiate: (template) => environment.cache.instantiate(template, node.functionHashes),
    checkCancelled: environment.checkCancelled,
    onCompletion: environment.onCompletion,
  };
}
