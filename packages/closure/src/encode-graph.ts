import type { CapturedBlob } from "./captured-function.ts";
import { BlobSplitter, blobThreshold } from "./blobs.ts";
import { ByteWriter } from "./byte-writer.ts";
import {
  codeForms,
  formatMagic,
  formatVersion,
  internedLength,
  nodeKinds,
  propertyFlag,
  slotTag,
} from "./graph-tags.ts";
import { intrinsicOrder } from "./intrinsics.ts";
import {
  errorTypes,
  hole,
  viewTypes,
  type FunctionCode,
  type GraphNode,
  type Property,
  type Slot,
  type ValueGraph,
} from "./value-graph.ts";

const kindNumbers = new Map(nodeKinds.map((kind, number) => [kind, number]));

/** Encodes a graph; values over the blob threshold are split out. */
export function encodeGraph(
  graph: ValueGraph,
  nestedBlobs: readonly CapturedBlob[],
): { bytes: Uint8Array; blobs: CapturedBlob[] } {
  const splitter = new BlobSplitter();
  splitter.add(nestedBlobs);
  const head = new ByteWriter();
  head.byte(formatMagic);
  head.byte(formatVersion);
  head.string(graph.realm);
  head.unsigned(graph.codes.length);
  for (const code of graph.codes) writeCode(head, code);
  head.unsigned(graph.modules.length);
  for (const module of graph.modules) {
    head.string(module.specifier);
    head.string(module.base);
    head.byte(module.interop === "namespace" ? 0 : 1);
  }
  splitter.write(head, new BodyWriter(splitter).write(graph));
  return { bytes: head.finish(), blobs: splitter.finish() };
}

function writeCode(writer: ByteWriter, code: FunctionCode): void {
  writer.string(code.source);
  writer.byte(codeForms.indexOf(code.form));
  writer.string(code.name);
  writer.unsigned(code.parameters.length);
  for (const parameter of code.parameters) writer.string(parameter);
  writer.unsigned(code.late.length);
  for (const index of code.late) writer.unsigned(index);
  writer.unsigned(code.called.length);
  for (const index of code.called) writer.unsigned(index);
  const { assigns, strict, enclosed, reachesItself } = code;
  writer.byte((assigns ? 1 : 0) + (strict ? 2 : 0) + (enclosed ? 4 : 0) + (reachesItself ? 8 : 0));
  writer.string(code.file);
  writer.unsigned(code.line);
  writer.unsigned(code.column);
}

/** Writes nodes, order and root. */
class BodyWriter {
  readonly #writer = new ByteWriter();
  readonly #strings = new Map<string, number>();
  readonly #splitter: BlobSplitter;

  constructor(splitter: BlobSplitter) {
    this.#splitter = splitter;
  }

  write(graph: ValueGraph): Uint8Array {
    const writer = this.#writer;
    writer.unsigned(graph.nodes.length);
    for (const node of graph.nodes) this.#node(node);
    writer.unsigned(graph.order.length);
    for (const index of graph.order) writer.unsigned(index);
    this.#slot(graph.root);
    return writer.finish();
  }

  #node(node: GraphNode): void {
    const writer = this.#writer;
    writer.byte(kindNumbers.get(node.content.kind) as number);
    writer.unsigned(node.identity);
    this.#content(node.content);
    this.#slot(node.prototypeOf);
    writer.unsigned(node.properties.length);
    for (const property of node.properties) this.#property(property);
  }

  #content(content: GraphNode["content"]): void {
    const writer = this.#writer;
    switch (content.kind) {
      case "object":
      case "nullObject":
      case "textEncoder":
        return;
      case "array":
      case "set":
        return this.#slots(content.items);
      case "map":
        return this.#slots(content.entries);
      case "date":
        return writer.float(content.time);
      case "regexp":
        writer.string(content.source);
        writer.string(content.flags);
        return writer.unsigned(content.lastIndex);
      case "error":
        return writer.byte(errorTypes.indexOf(content.type));
      case "numbers":
      case "arrayBuffer":
      case "buffer":
        return this.#splitter.write(writer, content.bytes);
      case "view":
        writer.byte(viewTypes.indexOf(content.type));
        writer.unsigned(content.buffer.index);
        writer.unsigned(content.offset);
        return writer.unsigned(content.length);
      case "boxed":
        return this.#slot(content.value);
      case "url":
        return writer.string(content.href);
      case "urlSearchParams":
        return writer.string(content.text);
      case "textDecoder":
        writer.string(content.encoding);
        return writer.byte((content.fatal ? 1 : 0) + (content.ignoreBom ? 2 : 0));
      case "function":
        writer.unsigned(content.code);
        return this.#slots(content.captures);
      case "bound":
        this.#slot(content.target);
        this.#slot(content.self);
        return this.#slots(content.parameters);
      case "prototype":
        return this.#slot(content.of);
      case "module":
        writer.unsigned(content.module);
        return this.#path(content.path);
      case "global":
        return this.#path(content.path);
      case "importMeta":
        return writer.string(content.url);
      case "dynamicImport":
        writer.string(content.base);
        return writer.string(content.root);
      case "require":
        return writer.string(content.base);
      case "transfer":
        writer.string(content.reviver);
        return writer.bytes(content.graph);
      case "nested":
        return writer.bytes(content.graph);
      case "intrinsic":
        return writer.byte(intrinsicOrder.indexOf(content.name));
    }
  }

  #property(property: Property): void {
    const { key, accessor } = property;
    const isSymbol = typeof key === "symbol";
    this.#writer.byte(
      (property.enumerable ? propertyFlag.enumerable : 0) +
        (accessor === undefined ? 0 : propertyFlag.accessor) +
        (isSymbol ? propertyFlag.symbol : 0),
    );
    this.#slot(key);
    if (accessor === undefined) return this.#slot(property.value);
    this.#slot(accessor.get);
    this.#slot(accessor.set);
  }

  #path(path: readonly string[]): void {
    this.#slots(path);
  }

  #slots(slots: readonly (Slot | typeof hole)[]): void {
    this.#writer.unsigned(slots.length);
    for (const slot of slots) this.#slot(slot);
  }

  #slot(slot: Slot | typeof hole): void {
    const writer = this.#writer;
    switch (typeof slot) {
      case "undefined":
        return writer.byte(slotTag.undefined);
      case "boolean":
        return writer.byte(slot ? slotTag.true : slotTag.false);
      case "number":
        return this.#number(slot);
      case "string":
        return this.#string(slot);
      case "bigint":
        writer.byte(slotTag.bigint);
        return writer.string(slot.toString(16));
      case "symbol":
        return this.#symbol(slot);
      default:
        if (slot === null) return writer.byte(slotTag.null);
        writer.byte(slotTag.node);
        return writer.unsigned(slot.index);
    }
  }

  #number(value: number): void {
    const writer = this.#writer;
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      writer.byte(slotTag.float);
      return writer.float(value);
    }
    writer.byte(value < 0 ? slotTag.negativeInteger : slotTag.integer);
    writer.unsigned(Math.abs(value));
  }

  #string(value: string): void {
    const writer = this.#writer;
    if (value.length > blobThreshold / 2) {
      const own = new ByteWriter();
      own.string(value);
      writer.byte(slotTag.blobString);
      return this.#splitter.write(writer, own.finish());
    }
    if (value.length > internedLength) {
      writer.byte(slotTag.longString);
      return writer.string(value);
    }
    const seen = this.#strings.get(value);
    if (seen !== undefined) {
      writer.byte(slotTag.seenString);
      return writer.unsigned(seen);
    }
    this.#strings.set(value, this.#strings.size);
    writer.byte(slotTag.newString);
    writer.string(value);
  }

  #symbol(value: symbol): void {
    if (value === hole) return this.#writer.byte(slotTag.hole);
    const registered = Symbol.keyFor(value);
    this.#writer.byte(registered === undefined ? slotTag.wellKnownSymbol : slotTag.registeredSymbol);
    this.#writer.string(registered ?? wellKnownName(value) ?? "");
  }
}

/** `iterator` for `Symbol.iterator`; undefined for a symbol that is not a static property of `Symbol`. */
export function wellKnownName(value: symbol): string | undefined {
  const name = value.description?.replace(/^Symbol\./, "");
  return name !== undefined && (Symbol as unknown as Record<string, unknown>)[name] === value ? name : undefined;
}
