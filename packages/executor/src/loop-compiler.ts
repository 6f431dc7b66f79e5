import type { Batch } from "@gloam/plan";
import { batchSource } from "./batch-source.ts";
import type { CodeCache } from "./code-cache.ts";
import type { LoopProgress } from "./loop-progress.ts";
import type { LoopSource } from "./loop-writer.ts";

/** Elements that a loop writes before it returns to its reader. */
export const outputBatchLength = 4096;

/** One generated loop over the elements `from .. to` of a batch; reports through its `LoopProgress`. */
export type Loop = (batch: Batch, from: number, to: number, out: unknown[]) => void;

/** A loop of one task, and how to trace its errors. */
export interface CompiledLoop {
  readonly run: Loop;
  /** Name of the generated code in stacks. */
  readonly file: string;
  /** Line of the generated code (one-based) on which the body begins. */
  readonly bodyLine: number;
}

/**
 * Compiles a chain for batches of one layout (a `layoutKey`). `functions` names the user functions in the chain by their hashes, so that
 * code is shared by tasks and stages with the same functions only.
 */
export function compileLoop(
  source: LoopSource,
  layout: string,
  functions: string,
  cache: CodeCache,
  state: Record<string, unknown>,
  progress: LoopProgress,
  collects: boolean,
): CompiledLoop {
  const input = batchSource(layout);
  const helpers = input.helpers.map((_, i) => `h${i}`);
  const head = [
    `(function (${[...source.names, ...helpers, "state", "progress"].join(", ")}) {`,
    `"use strict";`,
    `return function loop(batch, from, to, out) {`,
    input.setup,
    `let count = 0, operation = 0;`,
    `try {`,
    `for (let i = from; i < to; i++) {`,
    `const v0 = ${input.at};`,
  ].join("\n");
  const tail = [
    ...(collects
      ? [`if (count >= ${outputBatchLength}) { progress.next = i + 1; progress.count = count; return; }`]
      : []),
    `}`,
    `progress.next = to; progress.count = count;`,
    `} catch (error) { progress.operation = operation; throw error; }`,
    `};`,
    `})`,
  ].join("\n");
  const text = `${head}\n${source.body.join("\n")}\n${tail}`;
  const { value: factory, file } = cache.evaluate<(...bound: unknown[]) => Loop>(text, functions);
  return {
    run: factory(...source.constants, ...input.helpers, state, progress),
    file,
    bodyLine: head.split("\n").length + 1,
  };
}

/** The initial values of a chain's variables, evaluated afresh for a task. */
export function initialState(source: LoopSource, functions: string, cache: CodeCache): Record<string, unknown> {
  if (source.variables.length === 0) return {};
  const names = source.names.join(", ");
  const fields = source.variables.map((initial, i) => `s${i}: ${initial}`).join(", ");
  const { value: make } = cache.evaluate<(...bound: unknown[]) => Record<string, unknown>>(
    `(function (${names}) { "use strict"; return { ${fields} }; })`,
    functions,
  );
  return make(...source.constants);
}
