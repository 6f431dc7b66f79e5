import { readBlob, type BlobResolver } from "./blobs.ts";
import { ByteReader, malformed } from "./byte-reader.ts";
import { codeForms, formatMagic, formatVersion, nodeKinds, propertyFlag, slotTag } from "./graph-tags.ts";
import { intrinsicOrder } from "./intrinsics.ts";
import {
  errorTypes,
  hole,
  NodeReference,
  viewTypes,
  type FunctionCode,
  type GraphNode,
  type ModuleReference,
  type NodeContent,
  type Property,
  type Slot,
  type ValueGraph,
} from "./value-graph.ts";

/**
 * Decodes a graph. Counts, lengths, tags and indices are checked, so that bytes that no encoder made give a coded error
 * (`GLOAM_INTERNAL`) and never a huge allocation.
 */
export function decodeGraph(bytes: Uint8Array, resolve: BlobResolver): ValueGraph {
  const head = new ByteReader(bytes);
  if (head.byte() !== formatMagic) throw malformed("it does not begin like one");
  if (head.byte() !== formatVersion) throw malformed("it has the format of another version of Gloam");
  const realm = head.string();
  const codes = list(head, readCode);
  const modules = list(head, readModule);
  const body = new BodyReader(new ByteReader(readBlob(head, resolve)), resolve, codes.length, modules.length);
  if (head.left > 0) throw malformed("something follows its end");
  return { realm, codes, modules, ...body.read() };
}

function list<T>(reader: ByteReader, read: (reader: ByteReader) => T): T[] {
  const count = reader.count();
  const result: T[] = [];
  for (let index = 0; index < count; index++) result.push(read(reader));
  return result;
}

function pick<T>(choices: readonly T[], index: number, what: string): T {
  if (index >= choices.length) throw malformed(`unknown ${what} ${index}`);
  return choices[index] as T;
}

function readCode(reader: ByteReader): FunctionCode {
  const source = reader.string();
  const form = pick(codeForms, reader.byte(), "form of code");
  const name = reader.string();
  const parameters = list(reader, (r) => r.string());
  const late = list(reader, (r) => r.unsigned());
  for (const index of late) if (index >= parameters.length) throw malformed("a late parameter does not exist");
  const called = list(reader, (r) => r.unsigned());
  const flags = reader.byte();
  const file = reader.string();
  const line = reader.unsigned();
  const column = reader.unsigned();
  return {
    source,
    form,
    name,
    parameters,
    late,
    assigns: (flags & 1) > 0,
    strict: (flags & 2) > 0,
    called,
    enclosed: (flags & 4) > 0,
    reachesItself: (flags & 8) > 0,
    file,
    line,
    column,
  };
}

function readModule(reader: ByteReader): ModuleReference {
  const specifier = reader.string();
  const base = reader.string();
  return { specifier, base, interop: reader.byte() === 0 ? "namespace" : "commonjs" };
}

class BodyReader {
  readonly #reader: ByteReader;
  readonly #resolve: BlobResolver;
  readonly #codes: number;
  readonly #modules: number;
  readonly #strings: string[] = [];
  #nodes = 0;

  constructor(reader: ByteReader, resolve: BlobResolver, codes: number, modules: number) {
    this.#reader = reader;
    this.#resolve = resolve;
    this.#codes = codes;
    this.#modules = modules;
  }

  read(): { nodes: GraphNode[]; order: number[]; root: Slot } {
    const reader = this.#reader;
    this.#nodes = reader.count();
    const nodes: GraphNode[] = [];
    for (let index = 0; index < this.#nodes; index++) nodes.push(this.#node());
    for (const node of nodes) this.#checkView(nodes, node);
    const order = list(reader, () => this.#index(this.#nodes));
    const root = this.#slot();
    if (reader.left > 0) throw malformed("something follows its root");
    return { nodes, order, root };
  }

  #node(): GraphNode {
    const reader = this.#reader;
    const kind = pick(nodeKinds, reader.byte(), "kind of node");
    const identity = reader.unsigned();
    const content = this.#content(kind);
    const prototypeOf = this.#slot();
    const properties = list(reader, () => this.#property());
    return { identity, content, prototypeOf, properties };
  }

  /** A view must lie inside the buffer that it names. */
  #checkView(nodes: readonly GraphNode[], { content }: GraphNode): void {
    if (content.kind !== "view") return;
    const buffer = nodes[content.buffer.index]?.content;
    if (buffer?.kind !== "arrayBuffer") throw malformed("a view has no buffer");
    if (content.offset + content.length > buffer.bytes.length) throw malformed("a view is larger than its buffer");
  }

  #content(kind: NodeContent["kind"]): NodeContent {
    const reader = this.#reader;
    switch (kind) {
      case "object":
      case "nullObject":
      case "textEncoder":
        return { kind };
      case "array":
        return { kind, items: list(reader, () => this.#slotOrHole()) };
      case "set":
        return { kind, items: this.#slots() };
      case "map": {
        const entries = this.#slots();
        if (entries.length % 2 === 1) throw malformed("a map has a key without a value");
        return { kind, entries };
      }
      case "date":
        return { kind, time: reader.float() };
      case "regexp":
        return { kind, source: reader.string(), flags: reader.string(), lastIndex: reader.unsigned() };
      case "error":
        return { kind, type: pick(errorTypes, reader.byte(), "error class") };
      case "numbers": {
        const bytes = readBlob(reader, this.#resolve);
        if (bytes.length % 8 > 0) throw malformed("an array of numbers has a part of one");
        return { kind, bytes };
      }
      case "arrayBuffer":
      case "buffer":
        return { kind, bytes: readBlob(reader, this.#resolve) };
      case "view": {
        const type = pick(viewTypes, reader.byte(), "view");
        const buffer = new NodeReference(this.#index(this.#nodes));
        return { kind, type, buffer, offset: reader.unsigned(), length: reader.unsigned() };
      }
      case "boxed":
        return { kind, value: this.#slot() };
      case "url":
        return { kind, href: reader.string() };
      case "urlSearchParams":
        return { kind, text: reader.string() };
      case "textDecoder": {
        const encoding = reader.string();
        const flags = reader.byte();
        return { kind, encoding, fatal: (flags & 1) > 0, ignoreBom: (flags & 2) > 0 };
      }
      case "function":
        return { kind, code: this.#index(this.#codes), captures: this.#slots() };
      case "bound":
        return { kind, target: this.#slot(), self: this.#slot(), parameters: this.#slots() };
      case "prototype":
        return { kind, of: this.#slot() };
      case "module":
        return { kind, module: this.#index(this.#modules), path: this.#path() };
      case "global":
        return { kind, path: this.#path() };
      case "importMeta":
        return { kind, url: reader.string() };
      case "dynamicImport":
        return { kind, base: reader.string(), root: reader.string() };
      case "require":
        return { kind, base: reader.string() };
      case "transfer":
        return { kind, reviver: reader.string(), graph: reader.bytes() };
      case "nested":
        return { kind, graph: reader.bytes() };
      case "intrinsic":
        return { kind, name: pick(intrinsicOrder, reader.byte(), "intrinsic") };
    }
  }

  #property(): Property {
    const flags = this.#reader.byte();
    const key = this.#slot();
    if (typeof key !== ((flags & propertyFlag.symbol) > 0 ? "symbol" : "string")) throw malformed("a key is no key");
    const enumerable = (flags & propertyFlag.enumerable) > 0;
    if ((flags & propertyFlag.accessor) === 0) return { key: key as string | symbol, enumerable, value: this.#slot() };
    const accessor = { get: this.#slot(), set: this.#slot() };
    return { key: key as string | symbol, enumerable, value: undefined, accessor };
  }

  #path(): string[] {
    return this.#slots().map((part) => {
      if (typeof part !== "string") throw malformed("a path has a part that is no name");
      return part;
    });
  }

  #index(limit: number): number {
    const index = this.#reader.unsigned();
    if (index >= limit) throw malformed("an index points nowhere");
    return index;
  }

  #slots(): Slot[] {
    return list(this.#reader, () => this.#slot());
  }

  #slot(): Slot {
    const slot = this.#slotOrHole();
    if (slot === hole) throw malformed("a hole stands outside an array");
    return slot;
  }

  #slotOrHole(): Slot | typeof hole {
    const reader = this.#reader;
    const tag = reader.byte();
    switch (tag) {
      case slotTag.undefined:
        return undefined;
      case slotTag.null:
        return null;
      case slotTag.true:
        return true;
      case slotTag.false:
        return false;
      case slotTag.integer:
        return reader.unsigned();
      case slotTag.negativeInteger:
        return -reader.unsigned();
      case slotTag.float:
        return reader.float();
      case slotTag.bigint:
        return this.#bigint();
      case slotTag.newString: {
        const text = reader.string();
        this.#strings.push(text);
        return text;
      }
      case slotTag.seenString:
        return this.#strings[this.#index(this.#strings.length)];
      case slotTag.longString:
        return reader.string();
      case slotTag.blobString:
        return new ByteReader(readBlob(reader, this.#resolve)).string();
      case slotTag.registeredSymbol:
        return Symbol.for(reader.string());
      case slotTag.wellKnownSymbol: {
        const symbol = (Symbol as unknown as Record<string, unknown>)[reader.string()];
        if (typeof symbol !== "symbol") throw malformed("this Node.js lacks a well-known symbol");
        return symbol;
      }
      case slotTag.node:
        return new NodeReference(this.#index(this.#nodes));
      case slotTag.hole:
        return hole;
      default:
        throw malformed(`unknown value ${tag}`);
    }
  }

  #bigint(): bigint {
    const text = this.#reader.string();
    if (!/^-?[0-9a-f]+$/.test(text)) throw malformed("a bigint is no number");
    return text.startsWith("-") ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
  }
}
