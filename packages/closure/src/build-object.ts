import { malformed } from "./byte-reader.ts";
import type { GraphNode, NodeContent, Slot, ViewType } from "./value-graph.ts";
import { hole } from "./value-graph.ts";

type ViewClass = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView;

/** Gives the live value of a slot. */
export type Resolve = (slot: Slot) => unknown;

/** Allocates an object of a built-in kind, without what it contains; the caller sees to the order of views and buffers. */
export function allocate(content: NodeContent, resolve: Resolve): object {
  switch (content.kind) {
    case "object":
      return {};
    case "nullObject":
      return Object.create(null) as object;
    case "array":
      return emptyArray();
    case "numbers":
      return numbers(new Float64Array(Uint8Array.from(content.bytes).buffer));
    case "map":
      return new Map();
    case "set":
      return new Set();
    case "date":
      return new Date(content.time);
    case "regexp": {
      const expression = new RegExp(content.source, content.flags);
      expression.lastIndex = content.lastIndex;
      return expression;
    }
    case "error":
      return allocateError(content.type);
    case "arrayBuffer":
      return Uint8Array.from(content.bytes).buffer;
    case "view":
      return allocateView(content.type, resolve(content.buffer) as ArrayBuffer, content.offset, content.length);
    case "buffer":
      return Buffer.from(content.bytes);
    case "boxed":
      return Object(resolve(content.value)) as object;
    case "url":
      return new URL(content.href);
    case "urlSearchParams":
      return new URLSearchParams(content.text);
    case "textEncoder":
      return new TextEncoder();
    case "textDecoder":
      return new TextDecoder(content.encoding, { fatal: content.fatal, ignoreBOM: content.ignoreBom });
    default:
      throw malformed(`a ${content.kind} stands where an object is expected`);
  }
}

/**
 * V8 gives arrays a kind by what they hold, and code that has met arrays of several kinds makes those that pass through it the most
 * general. So arrays of anything are that from the beginning, and arrays of numbers are made apart: a function that
 * looped over vectors that `fill` had made took twice as long after three jobs.
 */
function emptyArray(): unknown[] {
  const array: unknown[] = [undefined];
  array.pop();
  return array;
}

/** An array of numbers, of the kind that a literal of them would have. */
function numbers(values: Float64Array): number[] {
  return values.every((value) => Object.is(value | 0, value)) ? integers(values) : floats(values);
}

// Two functions, so that the arrays of each are of one kind.

function floats(values: Float64Array): number[] {
  const array: number[] = [];
  for (const value of values) array.push(value);
  return array;
}

function integers(values: Float64Array): number[] {
  const array: number[] = [];
  for (const value of values) array.push(value | 0);
  return array;
}

function allocateError(type: string): object {
  const of = (globalThis as unknown as Record<string, new (...parameters: unknown[]) => Error>)[type];
  if (of === undefined) throw malformed(`this Node.js has no ${type}`);
  const { stackTraceLimit } = Error;
  // Its stack travels as a property; taking one here would cost more than everything else.
  Error.stackTraceLimit = 0;
  const error = type === "AggregateError" ? new of([]) : new of();
  Error.stackTraceLimit = stackTraceLimit;
  for (const key of Reflect.ownKeys(error)) Reflect.deleteProperty(error, key);
  return error;
}

function allocateView(type: ViewType, buffer: ArrayBuffer, offset: number, length: number): object {
  const of = (globalThis as unknown as Record<ViewType, ViewClass & { BYTES_PER_ELEMENT?: number }>)[type];
  return new of(buffer, offset, length / (of.BYTES_PER_ELEMENT ?? 1));
}

/** Puts elements and entries into an object that was allocated. */
export function fill(object: object, content: NodeContent, resolve: Resolve): void {
  if (content.kind === "array") {
    const array = object as unknown[];
    // Pushing keeps an array without holes what V8 calls packed.
    for (const item of content.items) {
      if (item === hole) array.length++;
      else array.push(resolve(item));
    }
  } else if (content.kind === "map") {
    const { entries } = content;
    for (let at = 0; at < entries.length; at += 2) {
      Map.prototype.set.call(object, resolve(entries[at]), resolve(entries[at + 1]));
    }
  } else if (content.kind === "set") {
    for (const item of content.items) Set.prototype.add.call(object, resolve(item));
  }
}

/** Defines the own properties of an object. */
export function defineProperties(object: object, { properties }: GraphNode, resolve: Resolve): void {
  for (const { key, enumerable, value, accessor } of properties) {
    if (accessor !== undefined) {
      const descriptor = { get: resolve(accessor.get), set: resolve(accessor.set), enumerable, configurable: true };
      Object.defineProperty(object, key, descriptor as PropertyDescriptor);
    } else if (enumerable && key !== "__proto__" && !(key in object)) {
      (object as Record<string | symbol, unknown>)[key] = resolve(value);
    } else {
      Object.defineProperty(object, key, { value: resolve(value), enumerable, writable: true, configurable: true });
    }
  }
}
