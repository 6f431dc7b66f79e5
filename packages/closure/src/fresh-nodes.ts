import type { LinkedNode } from "./link-graphs.ts";
import { NodeReference, type NodeContent, type Slot } from "./value-graph.ts";

/**
 * Which nodes every task needs its own copy of: objects that can change, functions that assign to what they captured or hold such
 * an object, and whatever holds those. 1 by number for them, 0 for the others.
 */
export function freshNodes(nodes: readonly LinkedNode[]): Uint8Array {
  const fresh = new Uint8Array(nodes.length);
  const users = new Map<number, number[]>();
  for (const { number, node } of nodes) {
    for (const slot of slotsOf(node.content, node.prototypeOf, node.properties)) {
      if (!(slot instanceof NodeReference)) continue;
      const list = users.get(slot.index);
      if (list === undefined) users.set(slot.index, [number]);
      else list.push(number);
    }
  }
  const queue = nodes.filter(isFreshItself).map(({ number }) => number);
  for (const number of queue) fresh[number] = 1;
  for (let at = 0; at < queue.length; at++) {
    for (const user of users.get(queue[at] as number) ?? []) {
      if (fresh[user] === 1) continue;
      fresh[user] = 1;
      queue.push(user);
    }
  }
  return fresh;
}

function isFreshItself({ node, code, nested }: LinkedNode): boolean {
  switch (node.content.kind) {
    case "function":
      return code?.assigns === true || (code?.form === "class" && node.properties.length > 0);
    case "bound":
    case "prototype":
    case "module":
    case "global":
    case "importMeta":
    case "dynamicImport":
    case "require":
    case "intrinsic":
      return false;
    case "nested":
      return nested?.isFixed === false;
    default:
      return true;
  }
}

function* slotsOf(
  content: NodeContent,
  prototypeOf: Slot,
  properties: LinkedNode["node"]["properties"],
): Generator<Slot> {
  yield prototypeOf;
  for (const { value, accessor } of properties) {
    yield value;
    if (accessor !== undefined) yield* [accessor.get, accessor.set];
  }
  if (content.kind === "function") yield* content.captures;
  if (content.kind === "bound") yield* [content.target, content.self, ...content.parameters];
  // A prototype and its function are one thing: both fresh, or neither.
  if (content.kind === "prototype") yield content.of;
}
