import { GloamError } from "@gloam/common";
import { classOfPrototype } from "./class-registry.ts";
import { binaryClasses, deepestValue, errorClasses, hiddenErrorProperties } from "./escapes.ts";

/** Prototypes of objects that travel, besides those of registered classes. */
const knownPrototypes: ReadonlySet<object> = new Set<object>([
  Object.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
  Date.prototype,
  RegExp.prototype,
  URL.prototype,
  Number.prototype,
  String.prototype,
  Boolean.prototype,
  BigInt.prototype,
  ArrayBuffer.prototype,
  Uint8Array.prototype,
  Buffer.prototype,
  ...[...errorClasses.values()].map((constructor) => constructor.prototype),
  ...binaryClasses.map((constructor) => constructor.prototype as object),
]);

/** What a value is to the user, for messages. */
export interface ValueName {
  /** Begins a sentence: `an element`. */
  readonly name: string;
  /** The value itself means nothing to the user, its items or properties are what `name` says. */
  readonly isHolder?: boolean;
}

/** The error for a value that cannot travel: walks it once more to find where the culprit is. */
export function refusalOf(value: unknown, { name, isHolder = false }: ValueName): GloamError {
  const found = find(value, isHolder);
  const where = found.path === "" ? name : `${name}'s ${found.path.replace(/^\./, "")}`;
  return new GloamError("GLOAM_VALUE_NOT_SERIALIZABLE", `${where} is ${found.what}`, {
    hint: found.hint,
  });
}

interface Found {
  readonly path: string;
  readonly what: string;
  readonly hint?: string | undefined;
}

/** Breadth first, without recursion, so that depth itself can be the reason. */
function find(root: unknown, isHolder: boolean): Found {
  const seen = new Set<unknown>();
  let level: { value: unknown; path: string }[] = [{ value: root, path: "" }];
  for (let depth = 0; level.length > 0 && depth < deepestValue; depth++) {
    const next: { value: unknown; path: string }[] = [];
    for (const { value, path } of level) {
      const what = describeRefused(value);
      if (what !== undefined) return { path, ...what };
      if (typeof value !== "object" || value === null || seen.has(value)) continue;
      seen.add(value);
      const isRoot = isHolder && value === root;
      for (const [step, child] of childrenOf(value)) next.push({ value: child, path: isRoot ? "" : path + step });
    }
    level = next;
  }
  return {
    path: "",
    what: `nested deeper than ${deepestValue} levels, or a cycle through an instance of a registered class`,
  };
}

function describeRefused(value: unknown): { what: string; hint?: string } | undefined {
  if (typeof value === "symbol") return { what: `a symbol: ${String(value)}` };
  if (typeof value === "function") return { what: `a function${value.name === "" ? "" : `: ${value.name}`}` };
  if (typeof value !== "object" || value === null) return undefined;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || knownPrototypes.has(prototype) || isForeignPlain(value, prototype)) return undefined;
  if (classOfPrototype(prototype) !== undefined) return undefined;
  if (Symbol.iterator in value && "next" in value) {
    return { what: "an iterator", hint: "make an array of it: [...iterator]; flatMap takes it as it is" };
  }
  return {
    what: `an instance of ${className(prototype)}`,
    hint:
      value instanceof Promise
        ? "wait for it: mapAsync gives what the promises of its function give"
        : "map it to plain data first, and back where its methods are needed",
  };
}

/** Arrays and plain objects made in another realm, such as a `vm` context. */
export function isForeignPlain(value: object, prototype: object): boolean {
  if (Array.isArray(value)) return className(prototype) === "Array" && Array.isArray(prototype);
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf");
}

function className(prototype: object): string {
  const constructor: unknown = (prototype as { constructor?: unknown }).constructor;
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "an unnamed class";
}

function* childrenOf(value: object): Iterable<readonly [string, unknown]> {
  if (ArrayBuffer.isView(value)) return;
  if (value instanceof Map)
    for (const [key, item] of value) {
      yield [".<map key>", key];
      yield [`.get(${describeKey(key)})`, item];
    }
  else if (value instanceof Set) for (const item of value) yield [".<set element>", item];
  const registered = classOfPrototype(Object.getPrototypeOf(value) as object);
  if (registered?.toData !== undefined) {
    yield ["", registered.toData(value as never)];
    return;
  }
  if (value instanceof Error) for (const name of hiddenErrorProperties) yield [`.${name}`, (value as never)[name]];
  for (const key of Object.keys(value)) {
    const step = /^\d+$/.test(key)
      ? `[${key}]`
      : /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
        ? `.${key}`
        : `[${JSON.stringify(key)}]`;
    yield [step, (value as Record<string, unknown>)[key]];
  }
}

function describeKey(key: unknown): string {
  return typeof key === "string" ? JSON.stringify(key) : typeof key === "number" ? String(key) : "...";
}
