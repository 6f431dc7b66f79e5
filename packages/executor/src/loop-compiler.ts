import type { Batch, TextBatch } from "@gloam/plan";
import { batchSource, type BatchSource } from "./batch-source.ts";
import type { CodeCache } from "./code-cache.ts";
import type { LoopProgress } from "./loop-progress.ts";
import type { LoopSource } from "./loop-writer.ts";

/** Elements that a loop writes before it returns to its reader. */
export const outputBatchLength = 4096;

/**
 * Elements of a batch that a loop takes at once. V8 replaces a loop that runs for long while it runs, by code that it compiles for that
 * one time besides the code for the next time, and without having seen how the loop ends.
 */
const elementsAtOnce = 512;

/** One generated loop over the elements `from .. to` of a batch, with what a task binds to its names. */
type Loop = (batch: Batch | TextBatch, from: number, to: number, out: unknown[], bound: readonly unknown[]) => void;

/** A loop as all tasks share it, and how to trace its errors. */
interface LoopCode {
  /** Reports through the task's `LoopProgress`. */
  readonly run: Loop;
  /** Name of the generated code in stacks. */
  readonly file: string;
  /** Line of the generated code (one-based) on which the body begins. */
  readonly bodyLine: number;
}

/** A loop of one task. */
export interface CompiledLoop {
  readonly code: LoopCode;
  /** The last parameter of `code.run`. */
  readonly bound: readonly unknown[];
  /** Elements to give to one call of `code.run`. */
  readonly elementsAtOnce: number;
}

/**
 * Compiles a chain for batches of one layout (a `layoutKey`). `functions` names the user functions in the chain by their hashes, so that
 * code is shared by tasks and stages with the same functions only. `sharesBuffers`: see `LoopEnvironment`.
 */
export function compileLoop(
  source: LoopSource,
  layout: string,
  functions: string,
  cache: CodeCache,
  progress: LoopProgress,
  collects: boolean,
  sharesBuffers = false,
): CompiledLoop {
  const input = batchSource(layout, sharesBuffers);
  const { names, variables, body, constants, state } = source;
  const key = `loop ${functions}\n${layout}\n${sharesBuffers} ${collects} ${names.length} ${variables.length}\n${body.join("\n")}`;
  return {
    code: cache.once(key, () => writeLoop(source, input, cache, collects)),
    bound: [...constants, ...input.helpers, state, progress],
    elementsAtOnce: input.decodes ? Infinity : elementsAtOnce,
  };
}

function writeLoop(source: LoopSource, input: BatchSource, cache: CodeCache, collects: boolean): LoopCode {
  const helpers = input.helpers.map((_, i) => `h${i}`);
  const variables = source.variables.map((_, i) => `s${i}`);
  // One function for all tasks, which get what is theirs as a parameter. Of functions that every task made anew, V8 would drop the
  // compiled code at any full collection between two tasks, and compile them again, 50 ms and more each.
  const names = [...source.names, ...helpers, "state", "progress"];
  const head = [
    `(() => {`,
    `"use strict";`,
    ...(input.functions === "" ? [] : [input.functions]),
    `return function loop(batch, from, to, out, bound) {`,
    ...names.map((name, i) => `const ${name} = bound[${i}];`),
    input.setup,
    // The state is read and written once a loop: batches of another layout run other code over the same state.
    `let count = progress.count, operation = 0, next = to;`,
    ...variables.map((name) => `let ${name} = state.${name};`),
    `try {`,
    `partition: for (let i = from; i < to; i++) {`,
    `const v0 = ${input.at};`,
  ].join("\n");
  const tail = [
    ...(collects ? [`if (count >= ${outputBatchLength}) { next = i + 1; break; }`] : []),
    `}`,
    `progress.next = next; progress.count = count;`,
    ...variables.map((name) => `state.${name} = ${name};`),
    `} catch (error) { progress.operation = operation; throw error; }`,
    `};`,
    `})()`,
  ].join("\n");
  const { value, file } = cache.compile(`${head}\n${source.body.join("\n")}\n${tail}`);
  return { run: value as Loop, file, bodyLine: head.split("\n").length + 1 };
}

/** Gives a chain's variables their initial values, evaluated afresh for each task. */
export function initialise(source: LoopSource, functions: string, cache: CodeCache): void {
  const { names, variables, constants, state } = source;
  if (variables.length === 0) return;
  const make = cache.once(`state ${functions}\n${names.length} ${variables.join()}`, () => {
    const fields = variables.map((initial, i) => `s${i}: ${initial}`).join(", ");
    const text = `(function (${names.join(", ")}) { "use strict"; return { ${fields} }; })`;
    return cache.compile(text).value as (...bound: unknown[]) => Record<string, unknown>;
  });
  Object.assign(state, make(...constants));
}
