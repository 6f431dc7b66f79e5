import type { IntrinsicName } from "./intrinsics.ts";

/** Points from a slot to a node of the same graph. */
export class NodeReference {
  readonly index: number;
  constructor(index: number) {
    this.index = index;
  }
}

/** Marks a missing element of a sparse array. */
export const hole: unique symbol = Symbol("hole");

/** A value inside a node: a primitive as it is (symbols only registered or well-known ones), or a reference to a node. */
export type Slot = undefined | null | boolean | number | string | bigint | symbol | NodeReference;

/** Whether a value is its own slot. Symbols are not: most of them cannot travel. */
export function isPlainPrimitive(value: unknown): value is Exclude<Slot, symbol | NodeReference> {
  return value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol");
}

/** Names of the typed array classes, in the order of their numbers in encoded graphs. Append only. */
export const viewTypes = [
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "DataView",
] as const;

/** Name of a class of views on an ArrayBuffer. */
export type ViewType = (typeof viewTypes)[number];

/** Names of the error classes that are rebuilt with their own class. Append only. */
export const errorTypes = [
  "Error",
  "TypeError",
  "RangeError",
  "SyntaxError",
  "ReferenceError",
  "EvalError",
  "URIError",
  "AggregateError",
] as const;

/** Name of a built-in error class. */
export type ErrorType = (typeof errorTypes)[number];

/** An own property of an object: data, or a getter and setter. */
export interface Property {
  readonly key: string | symbol;
  readonly enumerable: boolean;
  readonly value: Slot;
  /** Present for accessors; `value` is then unused. */
  readonly accessor?: { readonly get: Slot; readonly set: Slot };
}

/** What kind of object a node rebuilds, with what only that kind has. */
export type NodeContent =
  | { readonly kind: "object" }
  | { readonly kind: "nullObject" }
  | { readonly kind: "array"; readonly items: (Slot | typeof hole)[] }
  /** An array of numbers without holes: their float64 bytes. */
  | { readonly kind: "numbers"; readonly bytes: Uint8Array }
  | { readonly kind: "map"; readonly entries: Slot[] }
  | { readonly kind: "set"; readonly items: Slot[] }
  | { readonly kind: "date"; readonly time: number }
  | { readonly kind: "regexp"; readonly source: string; readonly flags: string; readonly lastIndex: number }
  | { readonly kind: "error"; readonly type: ErrorType }
  | { readonly kind: "arrayBuffer"; readonly bytes: Uint8Array }
  | {
      readonly kind: "view";
      readonly type: ViewType;
      readonly buffer: NodeReference;
      readonly offset: number;
      readonly length: number;
    }
  | { readonly kind: "buffer"; readonly bytes: Uint8Array }
  | { readonly kind: "boxed"; readonly value: Slot }
  | { readonly kind: "url"; readonly href: string }
  | { readonly kind: "urlSearchParams"; readonly text: string }
  | { readonly kind: "textEncoder" }
  | {
      readonly kind: "textDecoder";
      readonly encoding: string;
      readonly fatal: boolean;
      readonly ignoreBom: boolean;
    }
  | { readonly kind: "function"; readonly code: number; readonly captures: Slot[] }
  | { readonly kind: "bound"; readonly target: Slot; readonly self: Slot; readonly parameters: Slot[] }
  /** The `prototype` object of a captured class or function. */
  | { readonly kind: "prototype"; readonly of: Slot }
  /** A value that a module exports, or something inside it. */
  | { readonly kind: "module"; readonly module: number; readonly path: readonly string[] }
  /** A value that every Node.js has, by its path from `globalThis`. */
  | { readonly kind: "global"; readonly path: readonly string[] }
  /** What `import.meta` gives in the module at `url`. */
  | { readonly kind: "importMeta"; readonly url: string }
  /** A function that imports relative to `base`; `root` is the directory of vite's root-relative names, empty without vite. */
  | { readonly kind: "dynamicImport"; readonly base: string; readonly root: string }
  /** CommonJS `require` of the file at `base`. */
  | { readonly kind: "require"; readonly base: string }
  /** A function of this package that a rewritten idiom calls. */
  | { readonly kind: "intrinsic"; readonly name: IntrinsicName }
  /** A value that comes from a registered reviver; `graph` is its data. */
  | { readonly kind: "transfer"; readonly reviver: string; readonly graph: Uint8Array }
  /** A function that was captured earlier. */
  | { readonly kind: "nested"; readonly graph: Uint8Array };

/** A node: an object with identity. */
export interface GraphNode {
  /** Number of the object in the process that captured it; 0 where identity does not matter. */
  readonly identity: number;
  content: NodeContent;
  /** The class whose prototype the object has, or the prototype itself, where it is not the one that its kind implies. */
  prototypeOf: Slot;
  properties: Property[];
}

/** The code of one function or class. */
export interface FunctionCode {
  /** Text as it is compiled, laid out so that its lines are the lines of the user's file. */
  readonly source: string;
  /** How the text is written: an expression, or a method or accessor that needs an object literal around it. */
  readonly form: "expression" | "class" | "method" | "getter" | "setter";
  /** Value of the function's `name`. */
  readonly name: string;
  /** Free names that the factory takes as parameters, in the order of the node's captures. */
  readonly parameters: readonly string[];
  /** Indices of parameters that are bound after the function was made, because of a cycle. */
  readonly late: readonly number[];
  /** Whether the code assigns to a captured name, so that two tasks must not share the function. */
  readonly assigns: boolean;
  /** See `NameUses`. */
  readonly called: readonly number[];
  readonly reachesItself: boolean;
  readonly enclosed: boolean;
  readonly strict: boolean;
  /** File for stacks. */
  readonly file: string;
  /** Zero-based line and column of the text in that file. */
  readonly line: number;
  readonly column: number;
}

/** A module that a graph needs. */
export interface ModuleReference {
  /** URL, `node:` name or package specifier. */
  readonly specifier: string;
  /** URL of the file that imports it; empty for URLs and `node:` modules. */
  readonly base: string;
  /** What the importer sees as the module's value: its namespace, or what `require` gives. */
  readonly interop: "namespace" | "commonjs";
}

/** A value with everything that it reaches. */
export interface ValueGraph {
  /** Names the process that captured it, so that identities of two processes are never taken for equal. */
  readonly realm: string;
  readonly codes: readonly FunctionCode[];
  readonly modules: readonly ModuleReference[];
  readonly nodes: readonly GraphNode[];
  /** Nodes that have to be built in order: functions, bound functions and instances of captured classes. */
  readonly order: readonly number[];
  readonly root: Slot;
}
