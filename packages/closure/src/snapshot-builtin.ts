import { types } from "node:util";
import {
  errorTypes,
  hole,
  isPlainPrimitive,
  type NodeReference,
  viewTypes,
  type ErrorType,
  type NodeContent,
  type Slot,
  type ViewType,
} from "./value-graph.ts";

/** What `snapshotBuiltin` needs from the snapshot that it is part of. */
export interface SlotTaker {
  /** Snapshots a value; `property` or `phrase` says where it stands, for messages. */
  take(value: unknown, kind: "property" | "phrase", name: string): Slot;
}

/** Own properties that belong to a kind's content. */
const noProperties: ReadonlySet<string> = new Set();
const arrayProperties: ReadonlySet<string | symbol> = new Set(["length"]);
const regexpProperties: ReadonlySet<string> = new Set(["lastIndex"]);

/** A built-in object's content, and which own properties it covers. */
export interface BuiltinSnapshot {
  readonly content: NodeContent;
  readonly covered: (key: string | symbol) => boolean;
  /** The prototype that the content alone gives. */
  readonly prototype: object | null;
}

const covering = (names: ReadonlySet<string | symbol>) => (key: string | symbol) => names.has(key);
const isIndex = (key: string | symbol) => typeof key === "string" && /^\d+$/.test(key);

/**
 * The content of an object of a built-in class that can travel, or of a class that extends one; undefined when the object has no
 * internal state and is plain or an instance of a user's class. Items are taken through `slots`.
 */
export function snapshotBuiltin(value: object, slots: SlotTaker): BuiltinSnapshot | undefined {
  if (Array.isArray(value)) {
    return {
      content: numbersContent(value) ?? { kind: "array", items: arrayItems(value, slots) },
      covered: (k) => isIndex(k) || arrayProperties.has(k),
      prototype: Array.prototype,
    };
  }
  if (types.isMap(value))
    return { content: mapContent(value, slots), covered: covering(noProperties), prototype: Map.prototype };
  if (types.isSet(value)) {
    const items = Array.from(value, (item) => slots.take(item, "phrase", "an element"));
    return { content: { kind: "set", items }, covered: covering(noProperties), prototype: Set.prototype };
  }
  if (types.isDate(value)) {
    return {
      content: { kind: "date", time: Date.prototype.getTime.call(value) },
      covered: covering(noProperties),
      prototype: Date.prototype,
    };
  }
  if (types.isRegExp(value)) {
    const { source, flags, lastIndex } = value;
    return {
      content: { kind: "regexp", source, flags, lastIndex },
      covered: covering(regexpProperties),
      prototype: RegExp.prototype,
    };
  }
  if (types.isNativeError(value)) {
    const type = errorTypeOf(value);
    return { content: { kind: "error", type }, covered: covering(noProperties), prototype: errorClass(type).prototype };
  }
  return bytesContent(value, slots) ?? boxedContent(value) ?? webContent(value);
}

/**
 * Vectors and the like: ten times faster than slot by slot, split out as one blob when large, and rebuilt as arrays that V8
 * holds unboxed.
 */
function numbersContent(value: readonly unknown[]): NodeContent | undefined {
  if (value.length === 0) return undefined;
  for (let index = 0; index < value.length; index++) if (typeof value[index] !== "number") return undefined;
  return { kind: "numbers", bytes: new Uint8Array(Float64Array.from(value as number[]).buffer) };
}

function arrayItems(value: unknown[], slots: SlotTaker): (Slot | typeof hole)[] {
  const items: (Slot | typeof hole)[] = [];
  for (let index = 0; index < value.length; index++) {
    const item = value[index];
    if (item === undefined && !(index in value)) items.push(hole);
    else items.push(isPlainPrimitive(item) ? item : slots.take(item, "property", `[${index}]`));
  }
  return items;
}

function mapContent(value: Map<unknown, unknown>, slots: SlotTaker): NodeContent {
  const entries: Slot[] = [];
  for (const [key, item] of value) {
    entries.push(slots.take(key, "phrase", "a key"));
    if (isPlainPrimitive(item)) {
      entries.push(item);
      continue;
    }
    const shown =
      typeof key === "string" || typeof key === "number" ? `the entry for key ${JSON.stringify(key)}` : "an entry";
    entries.push(slots.take(item, "phrase", shown));
  }
  return { kind: "map", entries };
}

function bytesContent(value: object, slots: SlotTaker): BuiltinSnapshot | undefined {
  if (types.isArrayBuffer(value)) {
    const bytes = new Uint8Array(value.slice(0));
    return { content: { kind: "arrayBuffer", bytes }, covered: () => false, prototype: ArrayBuffer.prototype };
  }
  if (Buffer.isBuffer(value)) {
    return {
      content: { kind: "buffer", bytes: Uint8Array.from(value) },
      covered: isIndex,
      prototype: Buffer.prototype as object,
    };
  }
  if (!ArrayBuffer.isView(value)) return undefined;
  const type = viewTypeOf(value);
  const buffer = slots.take(value.buffer, "property", "buffer") as NodeReference;
  return {
    content: { kind: "view", type, buffer, offset: value.byteOffset, length: value.byteLength },
    covered: isIndex,
    prototype: (globalThis as unknown as Record<string, { prototype: object }>)[type]?.prototype ?? null,
  };
}

function boxedContent(value: object): BuiltinSnapshot | undefined {
  if (!types.isBoxedPrimitive(value)) return undefined;
  const primitive = (value as { valueOf(): unknown }).valueOf() as Slot;
  const prototype = Object.getPrototypeOf(Object(primitive)) as object;
  const covered = (key: string | symbol) => typeof primitive === "string" && (isIndex(key) || key === "length");
  return { content: { kind: "boxed", value: primitive }, covered, prototype };
}

function webContent(value: object): BuiltinSnapshot | undefined {
  const whole = { covered: () => true };
  if (value instanceof URL) return { content: { kind: "url", href: value.href }, ...whole, prototype: URL.prototype };
  if (value instanceof URLSearchParams) {
    return {
      content: { kind: "urlSearchParams", text: value.toString() },
      ...whole,
      prototype: URLSearchParams.prototype,
    };
  }
  if (value instanceof TextEncoder)
    return { content: { kind: "textEncoder" }, ...whole, prototype: TextEncoder.prototype };
  if (value instanceof TextDecoder) {
    const { encoding, fatal, ignoreBOM } = value;
    return {
      content: { kind: "textDecoder", encoding, fatal, ignoreBom: ignoreBOM },
      ...whole,
      prototype: TextDecoder.prototype,
    };
  }
  return undefined;
}

function viewTypeOf(value: ArrayBufferView): ViewType {
  const tag = types.isTypedArray(value) ? value[Symbol.toStringTag] : "DataView";
  return viewTypes.find((type) => type === tag) ?? "Uint8Array";
}

function errorTypeOf(value: Error): ErrorType {
  for (let at: unknown = Object.getPrototypeOf(value); at; at = Object.getPrototypeOf(at)) {
    const type = errorTypes.find((name) => errorClass(name).prototype === at);
    if (type !== undefined) return type;
  }
  return "Error";
}

function errorClass(type: ErrorType): { prototype: object } {
  return (globalThis as unknown as Record<ErrorType, { prototype: object }>)[type];
}
