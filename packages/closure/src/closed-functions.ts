import type { LinkedNode } from "./link-graphs.ts";
import { NodeReference } from "./value-graph.ts";

const largestPool = 20_000;
const pool = new Map<string, unknown>();

/**
 * Functions among linked nodes that capture nothing but intrinsics and are nothing but their code, by number: with a key each, which is
 * the same whenever the same graphs are linked in this thread. Two of one list never have the same key, as they are two functions.
 */
export function closedFunctions(nodes: readonly LinkedNode[]): ReadonlyMap<number, string> {
  const isIntrinsic = (slot: unknown): boolean =>
    slot instanceof NodeReference && nodes[slot.index]?.node.content.kind === "intrinsic";
  const altered = new Set<number>();
  for (const { node } of nodes) {
    if (node.content.kind === "prototype" && node.content.of instanceof NodeReference)
      altered.add(node.content.of.index);
  }
  const keys = new Map<number, string>();
  const uses = new Map<string, number>();
  for (const { number, node, code, codeKey } of nodes) {
    const { content, prototypeOf, properties } = node;
    if (content.kind !== "function" || code === undefined || code.form === "class" || code.late.length > 0) continue;
    if (prototypeOf !== undefined || properties.length > 0 || altered.has(number)) continue;
    if (!content.captures.every(isIntrinsic)) continue;
    const use = (uses.get(codeKey) ?? 0) + 1;
    uses.set(codeKey, use);
    keys.set(number, `${codeKey} ${use}`);
  }
  return keys;
}

/**
 * The function with that key, made when it is first asked for. V8 compiles a call of a function for that very one, so that all stages'
 * tasks should call the same; compiling a loop again takes 50 ms and more, and the loop is slow until then.
 */
export function closedFunction<F>(key: string, make: () => F): F {
  let known = pool.get(key) as F | undefined;
  if (known === undefined) {
    if (pool.size >= largestPool) pool.clear();
    pool.set(key, (known = make()));
  }
  return known;
}
