import type { LinkedNode } from "./link-graphs.ts";
import { referencesOf } from "./shared-nodes.ts";
import { NodeReference, type Slot } from "./value-graph.ts";

const largestPool = 20_000;
const pool = new Map<string, unknown>();

/**
 * Functions among linked nodes that no code can do anything with but call them, by number: with a key each, which is the same whenever the
 * same graphs are linked in this thread. Whatever else had one in its hands could keep something in its properties, and
 * the next stage would find it there. Two of one list never have the same key, as they are two functions.
 */
export function calledFunctions(nodes: readonly LinkedNode[]): ReadonlyMap<number, string> {
  const keys = new Map<number, string>();
  const uses = new Map<string, number>();
  for (const { number, node, code, codeKey } of nodes) {
    const { content, prototypeOf, properties } = node;
    if (content.kind !== "function" || code === undefined || code.form === "class" || code.late.length > 0) continue;
    if (prototypeOf !== undefined || properties.length > 0 || code.reachesItself) continue;
    const use = (uses.get(codeKey) ?? 0) + 1;
    uses.set(codeKey, use);
    keys.set(number, `${codeKey} ${use}`);
  }
  if (keys.size > 0) for (const node of nodes) for (const held of heldBy(node)) keys.delete(held);
  return keys;
}

/** Those of `calledFunctions` that capture nothing but intrinsics. */
export function closedFunctions(
  nodes: readonly LinkedNode[],
  called: ReadonlyMap<number, string>,
): ReadonlyMap<number, string> {
  return new Map(
    [...called].filter(([number]) => {
      const { content } = nodes[number]!.node;
      return content.kind === "function" && content.captures.every((slot) => isIntrinsic(slot, nodes));
    }),
  );
}

/** Whether a slot has an intrinsic, which comes with the code. */
export function isIntrinsic(slot: Slot, nodes: readonly LinkedNode[]): boolean {
  return slot instanceof NodeReference && nodes[slot.index]?.node.content.kind === "intrinsic";
}

/** The nodes that another one refers to, but for those that it only calls. */
function* heldBy({ node, code }: LinkedNode): Generator<number> {
  const { content, prototypeOf, properties } = node;
  if (content.kind !== "function" || code === undefined) {
    for (const { index } of referencesOf(node)) yield index;
    return;
  }
  for (const { index } of referencesOf([prototypeOf, properties])) yield index;
  for (const [at, slot] of content.captures.entries()) {
    if (slot instanceof NodeReference && !code.called.includes(at)) yield slot.index;
  }
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
