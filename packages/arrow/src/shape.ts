import { vectorClassOf, type VectorClass } from "./vector-classes.ts";

/**
 * The types that a builder has found for one column so far. Shapes only ever widen: `join` is the least upper bound of a
 * lattice whose top is `any`, so that a builder settles after a few rows whatever the data alternates between.
 */
export type Shape = { readonly nullable: boolean; readonly undefinable: boolean } &
  /** Nothing but null and undefined; nothing at all when neither flag is set. */
  (
    | { readonly kind: "null" }
    | { readonly kind: "int32" | "float64" | "int64" | "boolean" | "timestamp" | "utf8" | "binary" }
    | { readonly kind: "vector"; readonly of: VectorClass }
    | { readonly kind: "tuple"; readonly children: readonly Shape[] }
    | { readonly kind: "object"; readonly names: readonly string[]; readonly children: readonly Shape[] }
    | { readonly kind: "list"; readonly child: Shape }
    | { readonly kind: "any" }
  );

/** Longest tuple; longer arrays of mixed kinds are `any`. */
const longestTuple = 32;
/** Most fields of an object column. */
const mostFields = 64;
/** Columns nested deeper, or in greater number, are `any`: the code generated for them would not pay. */
const deepest = 5;
const mostColumns = 200;

const bare = { nullable: false, undefinable: false } as const;

/** The shape of a builder that has seen nothing. */
export const emptyShape: Shape = { ...bare, kind: "null" };
/** The shape that every value fits. */
export const anyShape: Shape = { ...bare, kind: "any" };

const nullShape: Shape = { kind: "null", nullable: true, undefinable: false };
const undefinedShape: Shape = { kind: "null", nullable: false, undefinable: true };
const int32Shape: Shape = { ...bare, kind: "int32" };
const float64Shape: Shape = { ...bare, kind: "float64" };
const int64Shape: Shape = { ...bare, kind: "int64" };
const booleanShape: Shape = { ...bare, kind: "boolean" };
const timestampShape: Shape = { ...bare, kind: "timestamp" };
const utf8Shape: Shape = { ...bare, kind: "utf8" };
const binaryShape: Shape = { ...bare, kind: "binary" };

/** The narrowest shape that holds `value`. */
export function shapeOf(value: unknown): Shape {
  const shape = nestedShapeOf(value, []);
  return countColumns(shape) > mostColumns ? anyShape : shape;
}

/** `ancestors`: the arrays and objects that the value lies in. */
function nestedShapeOf(value: unknown, ancestors: readonly unknown[]): Shape {
  switch (typeof value) {
    case "number":
      return (value | 0) === value && !Object.is(value, -0) ? int32Shape : float64Shape;
    case "string":
      return value.isWellFormed() ? utf8Shape : anyShape;
    case "boolean":
      return booleanShape;
    case "bigint":
      return BigInt.asIntN(64, value) === value ? int64Shape : anyShape;
    case "undefined":
      return undefinedShape;
    case "object":
      if (value === null) return nullShape;
      break;
    default:
      return anyShape;
  }
  if (ancestors.length === deepest) return anyShape;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return prototype === Array.prototype ? shapeOfArray(value, ancestors) : anyShape;
  if (prototype === Object.prototype) return shapeOfObject(value, ancestors);
  if (prototype === Date.prototype) return isValidDate(value) ? timestampShape : anyShape;
  if (!ArrayBuffer.isView(value)) return anyShape;
  if (prototype === Uint8Array.prototype) return binaryShape;
  const of = vectorClassOf(prototype);
  return of === undefined ? anyShape : { ...bare, kind: "vector", of };
}

function isValidDate(value: object): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

/**
 * Tuple or list: an array of two is a tuple (a pair, a point) until one of another length comes; other arrays are lists
 * when their elements are of one kind, else tuples.
 */
function shapeOfArray(array: readonly unknown[], ancestors: readonly unknown[]): Shape {
  const length = array.length;
  const path = [...ancestors, array];
  let element: Shape | undefined = emptyShape;
  const elements: Shape[] = [];
  for (let i = 0; i < length; i++) {
    const value = array[i];
    if (value === undefined && !(i in array)) return anyShape;
    const shape = nestedShapeOf(value, path);
    if (element !== undefined) element = join(element, shape);
    if (i < longestTuple) elements.push(shape);
    else if (element === undefined) return anyShape;
  }
  if (length !== 2 && element !== undefined) return { ...bare, kind: "list", child: element };
  return length <= longestTuple ? { ...bare, kind: "tuple", children: elements } : anyShape;
}

function shapeOfObject(value: object, ancestors: readonly unknown[]): Shape {
  const names = Object.keys(value);
  if (names.length === 0 || names.length > mostFields) return anyShape;
  for (const name of names) if (name === "__proto__" || !name.isWellFormed()) return anyShape;
  const path = [...ancestors, value];
  const children = names.map((name) => nestedShapeOf((value as Record<string, unknown>)[name], path));
  return { ...bare, kind: "object", names, children };
}

function countColumns(shape: Shape): number {
  switch (shape.kind) {
    case "tuple":
    case "object":
      return shape.children.reduce((sum, child) => sum + countColumns(child), 1);
    case "list":
      return 1 + countColumns(shape.child);
    default:
      return 1;
  }
}

/** The narrowest shape that holds what either holds. */
export function joinShapes(a: Shape, b: Shape): Shape {
  const joined = join(a, b);
  return joined === undefined || countColumns(joined) > mostColumns ? anyShape : joined;
}

/** Undefined where the kinds conflict, so that only `any` holds both. */
function join(a: Shape, b: Shape): Shape | undefined {
  if (a === b) return a;
  if (a.kind === "any" || b.kind === "any") {
    const other = a.kind === "any" ? b : a;
    return other.kind === "any" || other.kind === "null" ? anyShape : undefined;
  }
  const nullable = a.nullable || b.nullable;
  const undefinable = a.undefinable || b.undefinable;
  if (a.kind === "null") return { ...b, nullable, undefinable };
  if (b.kind === "null") return { ...a, nullable, undefinable };
  if (a.kind === "tuple" && b.kind === "tuple" && a.children.length === b.children.length)
    return { ...a, nullable, undefinable, children: joinEach(a.children, b.children) };
  if (a.kind === "object" && b.kind === "object") {
    if (a.names.length !== b.names.length || !a.names.every((name, i) => name === b.names[i])) return undefined;
    return { ...a, nullable, undefinable, children: joinEach(a.children, b.children) };
  }
  if ((a.kind === "tuple" || a.kind === "list") && (b.kind === "tuple" || b.kind === "list")) {
    let child: Shape | undefined = emptyShape;
    for (const shape of [...elementShapes(a), ...elementShapes(b)]) if (child !== undefined) child = join(child, shape);
    return child === undefined ? undefined : { kind: "list", child, nullable, undefinable };
  }
  if (isNumber(a) && isNumber(b)) return { kind: a.kind === b.kind ? a.kind : "float64", nullable, undefinable };
  return areAlike(a, b) ? { ...a, nullable, undefinable } : undefined;
}

function isNumber(shape: Shape): shape is Shape & { readonly kind: "int32" | "float64" } {
  return shape.kind === "int32" || shape.kind === "float64";
}

/** Whether shapes without children are the same, to their flags. */
function areAlike(a: Shape, b: Shape): boolean {
  return a.kind === "vector" && b.kind === "vector" ? a.of === b.of : a.kind === b.kind;
}

/** Whether all that differs is that numbers of `a` are int32 and in `b` float64. */
export function differOnlyInNumbers(a: Shape, b: Shape): boolean {
  if (a.nullable !== b.nullable || a.undefinable !== b.undefinable) return false;
  if ((a.kind === "tuple" && b.kind === "tuple") || (a.kind === "object" && b.kind === "object"))
    return (
      a.children.length === b.children.length &&
      a.children.every((child, i) => differOnlyInNumbers(child, b.children[i]!))
    );
  if (a.kind === "list" && b.kind === "list") return differOnlyInNumbers(a.child, b.child);
  return areAlike(a, b) || (isNumber(a) && isNumber(b));
}

function joinEach(a: readonly Shape[], b: readonly Shape[]): Shape[] {
  return a.map((shape, i) => join(shape, b[i]!) ?? anyShape);
}

function elementShapes(shape: Extract<Shape, { kind: "tuple" | "list" }>): readonly Shape[] {
  return shape.kind === "tuple" ? shape.children : [shape.child];
}

/** Equal for equal shapes. */
export function shapeKey(shape: Shape): string {
  const flags = (shape.nullable ? "?" : "") + (shape.undefinable ? "!" : "");
  switch (shape.kind) {
    case "tuple":
      return `(${shape.children.map(shapeKey).join(",")})${flags}`;
    case "object":
      return `{${shape.children.map((child, i) => JSON.stringify(shape.names[i]) + shapeKey(child)).join(",")}}${flags}`;
    case "list":
      return `[${shapeKey(shape.child)}]${flags}`;
    case "vector":
      return `<${shape.of}>${flags}`;
    default:
      return shape.kind + flags;
  }
}
