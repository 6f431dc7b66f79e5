import type { Resolve } from "./build-object.ts";
import { isIntrinsic } from "./closed-functions.ts";
import { compileFunction, withName, type LateFunction } from "./compile-function.ts";
import type { LinkedNode } from "./link-graphs.ts";
import { referencesOf } from "./shared-nodes.ts";
import type { FunctionCode } from "./value-graph.ts";

/**
 * Those of `calledFunctions` that nobody can call when their task has ended, nor anything that they made: their code is enclosed, and so is
 * all code that calls them.
 */
export function enclosedFunctions(
  nodes: readonly LinkedNode[],
  called: ReadonlyMap<number, string>,
): ReadonlyMap<number, string> {
  const enclosed = new Map([...called].filter(([number]) => nodes[number]?.code?.enclosed === true));
  const others = nodes.filter(({ number }) => !enclosed.has(number));
  // The list grows while it is walked.
  for (const { node } of others) {
    for (const { index } of referencesOf(node)) if (enclosed.delete(index)) others.push(nodes[index] as LinkedNode);
  }
  return enclosed;
}

const largestPool = 20_000;
const pool = new Map<string, LateFunction>();
/** What binds those that hold captured values now. */
const bound = new Set<LateFunction[0]>();

/**
 * The function with that key, made when it is first asked for, with captured values of its own until it is asked for again. V8 compiles a
 * call of a function for that very one, so that all tasks should call the same: a loop that finds another one where it called
 * the first is thrown away, crawls, and is compiled again for 20 to 50 ms.
 */
export function reboundFunction(
  key: string,
  linked: LinkedNode,
  nodes: readonly LinkedNode[],
  resolve: Resolve,
): LateFunction[1] {
  const { content } = linked.node;
  const captures = content.kind === "function" ? content.captures : [];
  const late = captures.flatMap((slot, index) => (isIntrinsic(slot, nodes) ? [] : [index]));
  let known = pool.get(key);
  if (known === undefined) {
    if (pool.size >= largestPool) pool.clear();
    const code = linked.code as FunctionCode;
    const make = compileFunction(`${linked.codeKey} rebound`, { ...code, late });
    const intrinsics = captures.filter((slot) => isIntrinsic(slot, nodes));
    known = make(...intrinsics.map(resolve)) as LateFunction;
    withName(known[1], code.name);
    pool.set(key, known);
  }
  const [bind, made] = known;
  bind(...late.map((index) => resolve(captures[index])));
  bound.add(bind);
  return made;
}

/** Lets go of what functions captured for the task that has ended. */
export function releaseCaptured(): void {
  for (const bind of bound) bind();
  bound.clear();
}
