import { buildOrder } from "./build-order.ts";
import type { CapturedBlob, PackageImport } from "./captured-function.ts";
import { graphCodeHash } from "./code-hash.ts";
import { encodeGraph, wellKnownName } from "./encode-graph.ts";
import { functionCode, type FunctionText } from "./function-text.ts";
import { FunctionSnapshot } from "./function-snapshot.ts";
import { globalPathOf } from "./global-values.ts";
import { identityOf, realm } from "./identity.ts";
import { keptBy } from "./kept-values.ts";
import { Refusal, type Step } from "./refusal.ts";
import { specialNames } from "./rewrite-function.ts";
import { snapshotFunction } from "./snapshot-function.ts";
import { snapshotObject } from "./snapshot-object.ts";
import { refusalOfLive } from "./refusal-of-live.ts";
import { isTransferable, transferSymbol } from "./transfer.ts";
import {
  NodeReference,
  type FunctionCode,
  type GraphNode,
  type ModuleReference,
  type NodeContent,
  type Property,
  type Slot,
  type ValueGraph,
} from "./value-graph.ts";

/** An encoded graph with what its reader has to know before decoding it. */
export interface EncodedSnapshot {
  readonly codeHash: string;
  readonly bytes: Uint8Array;
  readonly modules: readonly string[];
  readonly bases: readonly PackageImport[];
  readonly blobs: readonly CapturedBlob[];
  /** Objects in it that said themselves how they travel. */
  readonly transferables: readonly object[];
  /** Whether it is a function whose own code travels, and not a module's name for it. */
  readonly isByValue: boolean;
  /** Whether it is a function that captures nothing. */
  readonly isClosed: boolean;
}

/** What a node is made of, as the snapshot of its object finds out. */
export interface NodeDraft {
  readonly content: NodeContent;
  readonly prototypeOf?: Slot;
  readonly properties?: Property[];
}

/** A function whose captures are known and whose code is not yet final. */
export interface FunctionDraft {
  readonly text: FunctionText;
  readonly name: string;
  readonly parameters: readonly string[];
}

/** An object whose node is still to be made. */
interface QueueItem {
  readonly value: object;
  readonly index: number;
  readonly step: Step | undefined;
}

/** Snapshots a value and all that it reaches. Works through a queue, so that deep structures need no deep stack. */
export class Snapshot {
  readonly #nodes: GraphNode[] = [];
  readonly #indices = new Map<object, number>();
  readonly #queue: QueueItem[] = [];
  readonly #modules: ModuleReference[] = [];
  readonly #functions = new Map<number, FunctionDraft>();
  readonly #blobs: CapturedBlob[] = [];
  readonly #transferables: object[] = [];
  readonly #nestedHashes: string[] = [];
  readonly #otherModules: string[] = [];
  readonly #otherBases: PackageImport[] = [];
  /** Objects whose transferred data is being snapshotted around this snapshot. */
  readonly #around: ReadonlySet<object>;

  constructor(around: ReadonlySet<object> = new Set()) {
    this.#around = around;
  }

  /** Snapshots a root value; throws a `Refusal` when something that it reaches cannot travel. */
  encode(root: unknown): EncodedSnapshot {
    const slot = this.slot(root, undefined);
    // A cursor instead of shift(), which moves the whole queue.
    for (let at = 0; at < this.#queue.length; at++) {
      const item = this.#queue[at] as QueueItem;
      const { index, value, step } = item;
      const { content, prototypeOf, properties = [] } = this.#draft(value, index, step);
      this.#nodes[index] = { identity: identityFor(value, content), content, prototypeOf, properties };
    }
    return this.#finish(slot);
  }

  /** The slot of a value; an object is taken up when its turn comes. */
  slot(value: unknown, step: Step | undefined): Slot {
    if (typeof value === "symbol") return checkedSymbol(value, step);
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return value as Slot;
    let index = this.#indices.get(value);
    if (index === undefined) {
      index = this.#nodes.length;
      this.#indices.set(value, index);
      this.#nodes.push({ identity: 0, content: { kind: "object" }, prototypeOf: undefined, properties: [] });
      this.#queue.push({ value, index, step });
    }
    return new NodeReference(index);
  }

  /** A node that stands for something that is not an object of this program. */
  extra(content: NodeContent): NodeReference {
    this.#nodes.push({ identity: 0, content, prototypeOf: undefined, properties: [] });
    return new NodeReference(this.#nodes.length - 1);
  }

  /** The number of a module in this graph. */
  module(reference: ModuleReference): number {
    const known = this.#modules.findIndex(
      (module) =>
        module.specifier === reference.specifier &&
        module.base === reference.base &&
        module.interop === reference.interop,
    );
    return known >= 0 ? known : this.#modules.push(reference) - 1;
  }

  /** A module that a function may import while it runs. */
  addImport(url: string): void {
    this.#otherModules.push(url);
  }

  /** Keeps what the code of a function node will be made of. */
  addFunction(index: number, draft: FunctionDraft): void {
    this.#functions.set(index, draft);
  }

  #draft(value: object, index: number, step: Step | undefined): NodeDraft {
    const live = refusalOfLive(value);
    if (live !== undefined) throw new Refusal(step, live);
    if (value instanceof FunctionSnapshot) return { content: this.#nested(value) };
    const path = typeof value === "function" ? undefined : globalPathOf(value);
    if (path !== undefined) return { content: { kind: "global", path } };
    const transferred = this.#transferred(value, step);
    if (transferred !== undefined) return { content: transferred };
    return typeof value === "function"
      ? snapshotFunction(this, value as (...values: never) => unknown, index, step)
      : snapshotObject(this, value, step);
  }

  #nested({ captured }: FunctionSnapshot): NodeContent {
    this.#transferables.push(...keptBy(captured));
    this.#nestedHashes.push(captured.codeHash);
    this.#otherModules.push(...captured.modules);
    this.#otherBases.push(...(captured.bases ?? []));
    this.#blobs.push(...(captured.blobs ?? []));
    return { kind: "nested", graph: captured.bytes };
  }

  /** Data of a transfer is a snapshot of its own: it shares nothing with what surrounds it. */
  #transferred(value: object, step: Step | undefined): NodeContent | undefined {
    if (!isTransferable(value)) return undefined;
    const transfer = value[transferSymbol]();
    if ("refuse" in transfer) throw new Refusal(step, { what: transfer.refuse, mend: transfer.mend });
    if (this.#around.has(value)) {
      throw new Refusal(step, { what: "captures itself", mend: "take it out of the functions that it is made of" });
    }
    const data = new Snapshot(new Set([...this.#around, value])).encode(transfer.data);
    this.#transferables.push(value, ...data.transferables);
    this.#nestedHashes.push(transfer.kind, data.codeHash);
    this.#otherModules.push(...data.modules);
    this.#otherBases.push(...data.bases);
    this.#blobs.push(...data.blobs);
    return { kind: "transfer", reviver: transfer.kind, graph: data.bytes };
  }

  #finish(root: Slot): EncodedSnapshot {
    const nodes = this.#nodes;
    const { order, late, impossible } = buildOrder(nodes, (node) => this.#classCaptures(node));
    if (impossible !== undefined) {
      throw new Refusal(undefined, {
        what: "is part of a cycle of classes and functions that need each other before they exist",
        mend: "let one of them take the other as a parameter",
      });
    }
    const codes: FunctionCode[] = [];
    const numbers = new Map<string, number>();
    for (const [index, { text, name, parameters }] of this.#functions) {
      const lateOnes = late.get(index) ?? [];
      const code = functionCode(text, name, parameters, lateOnes);
      const key = JSON.stringify(code);
      let number = numbers.get(key);
      if (number === undefined) numbers.set(key, (number = codes.push(code) - 1));
      const node = nodes[index] as GraphNode;
      if (node.content.kind === "function") node.content = { ...node.content, code: number };
    }
    const graph: ValueGraph = { realm: realm(), codes, modules: this.#modules, nodes, order, root };
    const { bytes, blobs } = encodeGraph(graph, this.#blobs);
    return {
      codeHash: graphCodeHash(graph, this.#nestedHashes),
      bytes,
      modules: [...new Set([...this.#modules.map(({ specifier }) => specifier), ...this.#otherModules])],
      bases: [
        ...this.#modules.flatMap(({ specifier, base }) => (base === "" ? [] : [{ specifier, base }])),
        ...this.#otherBases,
      ],
      blobs,
      transferables: this.#transferables,
      isByValue: this.#functions.has(0),
      isClosed: this.#functions.get(0)?.parameters.length === nodes.length - 1 && nodes.every(isIntrinsicOrFirst),
    };
  }

  /** A class needs its superclass at once, which is its first capture. */
  #classCaptures(index: number): number | undefined {
    const draft = this.#functions.get(index);
    if (draft?.text.parsed.form !== "class") return undefined;
    return draft.parameters[0] === specialNames.superClass ? 1 : 0;
  }
}

function isIntrinsicOrFirst({ content }: GraphNode, index: number): boolean {
  return index === 0 || content.kind === "intrinsic";
}

/** References are the same whatever object they were found by; everything else is an object of its own. */
function identityFor(value: object, { kind }: NodeContent): number {
  return kind === "module" || kind === "global" || kind === "require" ? 0 : identityOf(value);
}

function checkedSymbol(value: symbol, step: Step | undefined): symbol {
  if (Symbol.keyFor(value) === undefined && wellKnownName(value) === undefined) {
    throw new Refusal(step, { what: `is the symbol ${String(value)}`, mend: "use Symbol.for(...), or a string" });
  }
  return value;
}
