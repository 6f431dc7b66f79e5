import { NodeReference, type GraphNode, type Slot } from "./value-graph.ts";

/** In which order nodes are built that need others to be there, and what has to be bound later because of cycles. */
export interface BuildOrder {
  readonly order: readonly number[];
  /** Indices of late captures, by function node. */
  readonly late: ReadonlyMap<number, readonly number[]>;
  /** A node whose construction needs itself; undefined normally. */
  readonly impossible: number | undefined;
}

/**
 * Orders functions, bound functions, prototypes and instances of captured classes. Plain objects are allocated before everything else
 * and filled after it, so they never constrain the order.
 *
 * A function is built after the functions that it captures, unless they are being built already (recursion): those are bound
 * late. A class needs only its superclass at once; everything else it captures is bound late.
 *
 * @param classCaptures How many of its first captures a class needs at once; undefined for nodes that are no class.
 */
export function buildOrder(
  nodes: readonly GraphNode[],
  classCaptures: (node: number) => number | undefined,
): BuildOrder {
  const state = new Uint8Array(nodes.length); // 0 new, 1 being built, 2 built
  const order: number[] = [];
  const late = new Map<number, readonly number[]>();
  let impossible: number | undefined;

  const visit = (start: number): void => {
    // An explicit stack: a chain of composed functions may be thousands long.
    const stack: { node: number; needs: number[]; next: number }[] = [];
    const enter = (node: number): void => {
      state[node] = 1;
      stack.push({ node, needs: needsOf(nodes, node, classCaptures(node)), next: 0 });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const need = top.needs[top.next++];
      if (need === undefined) {
        stack.pop();
        state[top.node] = 2;
        order.push(top.node);
        late.set(
          top.node,
          lateCaptures(nodes, top.node, (other) => state[other] !== 2 || other === top.node),
        );
      } else if (state[need] === 0) enter(need);
      else if (state[need] === 1 && isHard(nodes, top.node, classCaptures(top.node))) impossible ??= need;
    }
  };
  nodes.forEach((node, index) => {
    if (state[index] === 0 && isBuilt(node)) visit(index);
  });
  return { order, late, impossible };
}

/** Whether a node has to be built in order, and is neither allocated first nor there from the start. */
export function isBuilt(node: GraphNode): boolean {
  const { kind } = node.content;
  return kind === "function" || kind === "bound" || kind === "prototype" || node.prototypeOf !== undefined;
}

/** A function can do without what it captures for a while; anything else can't. */
function isHard(nodes: readonly GraphNode[], node: number, classCaptures: number | undefined): boolean {
  return classCaptures !== undefined || (nodes[node] as GraphNode).content.kind !== "function";
}

function needsOf(nodes: readonly GraphNode[], index: number, classCaptures: number | undefined): number[] {
  const { content, prototypeOf } = nodes[index] as GraphNode;
  const slots: Slot[] = [prototypeOf];
  if (content.kind === "function") slots.push(...content.captures.slice(0, classCaptures));
  if (content.kind === "bound") slots.push(content.target, content.self, ...content.parameters);
  if (content.kind === "prototype") slots.push(content.of);
  return slots.flatMap((slot) =>
    slot instanceof NodeReference && isBuilt(nodes[slot.index] as GraphNode) ? [slot.index] : [],
  );
}

function lateCaptures(
  nodes: readonly GraphNode[],
  index: number,
  isMissing: (other: number) => boolean,
): readonly number[] {
  const { content } = nodes[index] as GraphNode;
  if (content.kind !== "function") return [];
  return content.captures.flatMap((slot, position) =>
    slot instanceof NodeReference && isBuilt(nodes[slot.index] as GraphNode) && isMissing(slot.index) ? [position] : [],
  );
}
