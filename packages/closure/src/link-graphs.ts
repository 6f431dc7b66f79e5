import { isBuilt } from "./build-order.ts";
import { allocate, defineProperties, fill, type Resolve } from "./build-object.ts";
import { malformed } from "./byte-reader.ts";
import { calledFunctions, closedFunction, closedFunctions } from "./closed-functions.ts";
import { compileFunction, withName, type BuiltFunction } from "./compile-function.ts";
import { freshNodes } from "./fresh-nodes.ts";
import type { ImportModule } from "./import-modules.ts";
import { makeReference } from "./make-reference.ts";
import { enclosedFunctions, reboundFunction } from "./rebound-functions.ts";
import { shareNodes } from "./shared-nodes.ts";
import { reviveTransfer } from "./transfer.ts";
import { NodeReference, type FunctionCode, type GraphNode, type NodeContent, type ValueGraph } from "./value-graph.ts";

/** What linking needs from around it. */
export interface LinkContext {
  /** Imported modules by `moduleKey`. */
  readonly modules: ReadonlyMap<string, unknown>;
  readonly importModule: ImportModule;
  readonly requireFrom: (base: string) => NodeJS.Require;
  readonly decodeNested: (bytes: Uint8Array) => ValueGraph;
  /** Whether what was built before is no longer used when the same or other graphs are built again. */
  readonly inTurns: boolean;
}

/** Graphs that are ready to be built. */
export interface LinkedGraphs {
  /** Whether nothing in them can change, so that one copy serves all. */
  readonly isFixed: boolean;
  /** Builds the roots; gives the same ones each time where nothing in them can change. */
  instantiate(): readonly unknown[];
}

/** Gives the function of a node: a new one, by `make`, or one that this thread has already. */
type Keep = (node: LinkedNode, resolve: Resolve, make: () => unknown) => unknown;

const none: ReadonlyMap<number, string> = new Map();

/** A node whose references count among the nodes of all graphs. */
export interface LinkedNode {
  readonly number: number;
  readonly node: GraphNode;
  readonly code: FunctionCode | undefined;
  /** Names the code in this thread; empty where there is none. */
  readonly codeKey: string;
  /** The graph inside the node, for transferred data and functions captured earlier. */
  readonly nested: LinkedGraphs | undefined;
}

/** Nodes by the phase in which they are built. */
interface Phases {
  /** Values that graphs of their own give. */
  readonly nested: readonly LinkedNode[];
  /** Objects that are allocated first, and views on buffers among them. */
  readonly objects: readonly LinkedNode[];
  readonly views: readonly LinkedNode[];
  /** Functions, prototypes and instances, in their order. */
  readonly ordered: readonly LinkedNode[];
  /** Nodes that have elements or properties. */
  readonly filled: readonly LinkedNode[];
}

/**
 * Links graphs: objects that two of them share become one, references into modules and globals are looked up, functions are compiled.
 *
 * @param keys The code hash of each graph.
 * @param isNested Whether they are inside another graph, whose code has their roots in its hands.
 */
export function linkGraphs(
  graphs: readonly ValueGraph[],
  keys: readonly string[],
  context: LinkContext,
  isNested = false,
): LinkedGraphs {
  const { numbers, count } = shareNodes(graphs);
  const nodes = new Array<LinkedNode | undefined>(count);
  const fixed = new Array<unknown>(count);
  const order: number[] = [];
  const roots = graphs.map((graph, at) => {
    const own = numbers[at] as Int32Array;
    const moved = areOwn(own) ? undefined : own;
    const isNew = (index: number) => nodes[own[index] as number] === undefined;
    const ordered = graph.order.filter(isNew).map((index) => own[index] as number);
    graph.nodes.forEach((node, index) => {
      const number = own[index] as number;
      if (nodes[number] !== undefined) return;
      fixed[number] = makeReference(node.content, graph, context);
      nodes[number] = linkNode(node, number, graph, keys[at] as string, moved, context);
    });
    order.push(...ordered);
    return relocate(graph.root, moved);
  });
  const linked = nodes as LinkedNode[];
  const called = isNested ? none : calledFunctions(linked);
  const closed = closedFunctions(linked, called);
  const isFresh = freshNodes(linked);
  // Of the others one serves all tasks anyway.
  const rebound = context.inTurns ? chosen(enclosedFunctions(linked, called), (number) => isFresh[number] === 1) : none;
  build(
    phasesOf(linked, order, (number) => isFresh[number] === 0),
    fixed,
    ({ number }, _, make) => {
      const key = closed.get(number);
      return key === undefined ? make() : closedFunction(key, make);
    },
  );
  const isFixed = !isFresh.includes(1);
  const phases = phasesOf(linked, order, (number) => isFresh[number] === 1);
  const rootsIn = (values: readonly unknown[]): unknown[] =>
    roots.map((root) => (root instanceof NodeReference ? values[root.index] : root));
  if (isFixed) {
    const only = rootsIn(fixed);
    return { isFixed, instantiate: () => only };
  }
  return {
    isFixed,
    instantiate() {
      const values = fixed.slice();
      build(phases, values, (node, resolve, make) => {
        const key = rebound.get(node.number);
        return key === undefined ? make() : reboundFunction(key, node, linked, resolve);
      });
      return rootsIn(values);
    },
  };
}

function chosen<V>(all: ReadonlyMap<number, V>, isWanted: (number: number) => boolean): ReadonlyMap<number, V> {
  return new Map([...all].filter(([number]) => isWanted(number)));
}

function linkNode(
  node: GraphNode,
  number: number,
  graph: ValueGraph,
  key: string,
  numbers: Int32Array | undefined,
  context: LinkContext,
): LinkedNode {
  const { content } = node;
  const code = content.kind === "function" ? graph.codes[content.code] : undefined;
  const codeKey = content.kind === "function" ? `${key} ${content.code}` : "";
  return {
    number,
    node: relocate(node, numbers),
    code,
    codeKey,
    nested: linkNested(content, context),
  };
}

function linkNested(content: NodeContent, context: LinkContext): LinkedGraphs | undefined {
  if (content.kind !== "transfer" && content.kind !== "nested") return undefined;
  const graph = context.decodeNested(content.graph);
  return linkGraphs([graph], [`nested ${JSON.stringify(graph.codes)}`], context, true);
}

/** Whether the numbers of a graph's nodes among all are their own, as in the first of several. */
function areOwn(numbers: Int32Array): boolean {
  return numbers.every((number, index) => number === index);
}

/** A copy in which references count among the nodes of all graphs; the same object where they do already. */
function relocate<T>(value: T, numbers: Int32Array | undefined): T {
  if (numbers === undefined) return value;
  if (value instanceof NodeReference) {
    const number = numbers[value.index] as number;
    return (number === value.index ? value : new NodeReference(number)) as T;
  }
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) {
    const copy = value.map((item: unknown) => relocate(item, numbers));
    return (copy.every((item, index) => item === value[index]) ? value : copy) as T;
  }
  let changed = false;
  const copy: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    copy[name] = relocate(part as unknown, numbers);
    changed ||= copy[name] !== part;
  }
  return changed ? (copy as T) : value;
}

function phasesOf(
  nodes: readonly LinkedNode[],
  order: readonly number[],
  isWanted: (number: number) => boolean,
): Phases {
  const wanted = nodes.filter(({ number }) => isWanted(number));
  const isObject = ({ node }: LinkedNode) => !isBuilt(node) && !isReference(node.content.kind);
  const hasContent = ({ node: { content, properties } }: LinkedNode) =>
    properties.length > 0 || content.kind === "array" || content.kind === "map" || content.kind === "set";
  return {
    nested: wanted.filter(({ nested }) => nested !== undefined),
    objects: wanted.filter((node) => isObject(node) && node.node.content.kind !== "view"),
    views: wanted.filter((node) => isObject(node) && node.node.content.kind === "view"),
    ordered: order.filter(isWanted).map((number) => nodes[number] as LinkedNode),
    filled: wanted.filter(hasContent),
  };
}

function isReference(kind: NodeContent["kind"]): boolean {
  return ["module", "global", "importMeta", "dynamicImport", "require", "intrinsic", "transfer", "nested"].includes(
    kind,
  );
}

/** Builds the nodes of some phases into `values`, by number. */
function build(phases: Phases, values: unknown[], keep: Keep): void {
  const resolve: Resolve = (slot) => (slot instanceof NodeReference ? values[slot.index] : slot);
  for (const { number, node, nested } of phases.nested) {
    const [data] = (nested as LinkedGraphs).instantiate();
    values[number] = node.content.kind === "transfer" ? reviveTransfer(node.content.reviver, data) : data;
  }
  for (const { number, node } of phases.objects) values[number] = allocate(node.content, resolve);
  for (const { number, node } of phases.views) values[number] = allocate(node.content, resolve);
  const waiting: (() => void)[] = [];
  for (const linked of phases.ordered) {
    values[linked.number] = keep(linked, resolve, () => buildOrdered(linked, resolve, waiting));
  }
  for (const { number, node } of phases.filled) {
    const value = values[number] as object;
    fill(value, node.content, resolve);
    defineProperties(value, node, resolve);
  }
  for (const bind of waiting) bind();
}

function buildOrdered(linked: LinkedNode, resolve: Resolve, waiting: (() => void)[]): unknown {
  const { content, prototypeOf } = linked.node;
  if (content.kind === "function") return buildFunction(linked, content.captures.map(resolve), resolve, waiting);
  if (content.kind === "bound") {
    const target = resolve(content.target) as (...parameters: unknown[]) => unknown;
    return target.bind(resolve(content.self), ...content.parameters.map(resolve));
  }
  const base = resolve(prototypeOf);
  const prototype = (typeof base === "function" ? base.prototype : base) as object | null | undefined;
  if (content.kind === "prototype") {
    const own = (resolve(content.of) as { prototype: object }).prototype;
    if (prototype) Object.setPrototypeOf(own, prototype);
    return own;
  }
  if (prototype === undefined) throw malformed("an instance has no class");
  if (content.kind === "object") return Object.create(prototype);
  return Object.setPrototypeOf(allocate(content, resolve), prototype) as unknown;
}

function buildFunction(
  { code, codeKey, node }: LinkedNode,
  captures: unknown[],
  resolve: Resolve,
  waiting: (() => void)[],
): unknown {
  const { late, name } = code as FunctionCode;
  const isLate = new Set(late);
  const made: BuiltFunction = compileFunction(
    codeKey,
    code as FunctionCode,
  )(...(late.length === 0 ? captures : captures.filter((_, index) => !isLate.has(index))));
  if (typeof made === "function") return withName(made, name);
  const [bind, built] = made;
  const { content } = node;
  waiting.push(() => {
    if (content.kind === "function") bind(...late.map((index) => resolve(content.captures[index])));
  });
  return withName(built, name);
}
