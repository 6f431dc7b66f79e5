import type { Random } from "@gloam/common";

/** An element: what JSON, JavaScript and Python all know. Python makes tuples of the arrays, which can be keys. */
export type Value = null | number | string | readonly Value[];

/**
 * What the elements of a dataset are. `eighth` is a multiple of a small power of two, so that sums are exact in any order; a
 * `float` is any other number, whose sums are defined where the order is; a `rough` is such a sum in an order that Spark does
 * not promise. A `maybe` may be null.
 */
export type Shape =
  | "int"
  | "eighth"
  | "float"
  | "rough"
  | "text"
  | { readonly maybe: Shape }
  | { readonly list: Shape }
  | { readonly key: Shape; readonly value: Shape };

export type PairShape = Extract<Shape, { readonly key: Shape }>;

/** Nothing above U+DFFF: there the order of code units, which Gloam sorts by, is not Python's order of code points. */
const texts = ["", "a", "b", "ab", "a b", "ä", "ß", "naïve", "日本語", "語 と 語", "😀", "👍 ok", "key 7", "Ωmega"];
const floats = [0, 0.1, 0.2, 0.3, 1 / 3, -2.7, 1e-7, 123456.789, 1e-300, 5e-324, -98765.4321, Math.PI];
/** Above what any of them, or what `map` makes of them, amounts to. */
export const largestFloat = 1e6;

export function isPair(shape: Shape): shape is PairShape {
  return typeof shape === "object" && "key" in shape;
}

export function isNumber(shape: Shape): shape is "int" | "eighth" | "float" {
  return shape === "int" || shape === "eighth" || shape === "float";
}

/** Whether elements have an order in both: Gloam sorts null first, Python refuses to. */
export function isOrdered(shape: Shape): boolean {
  if (typeof shape === "string") return shape !== "rough";
  if (isPair(shape)) return isOrdered(shape.key) && isOrdered(shape.value);
  return "list" in shape && isOrdered(shape.list);
}

/** Whether elements can be keys: they are the same in both to the last bit. */
export function isKey(shape: Shape): boolean {
  if (typeof shape === "string") return shape !== "rough";
  if (isPair(shape)) return isKey(shape.key) && isKey(shape.value);
  return isKey("maybe" in shape ? shape.maybe : shape.list);
}

export function depthOf(shape: Shape): number {
  if (typeof shape === "string") return 0;
  if (isPair(shape)) return 1 + Math.max(depthOf(shape.key), depthOf(shape.value));
  return 1 + depthOf("maybe" in shape ? shape.maybe : shape.list);
}

export function isSame(a: Shape, b: Shape): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** An element of this shape. */
export function randomValue(random: Random, shape: Shape): Value {
  switch (shape) {
    case "int":
      return random.nextInt(24) - 6;
    case "eighth":
      return (random.nextInt(512) - 256) / 8;
    case "float":
    case "rough":
      return chosen(random, floats);
    case "text":
      return chosen(random, texts);
    default:
      if (isPair(shape)) return [randomValue(random, shape.key), randomValue(random, shape.value)];
      if ("maybe" in shape) return random.nextInt(3) === 0 ? null : randomValue(random, shape.maybe);
      return Array.from({ length: random.nextInt(4) }, () => randomValue(random, shape.list));
  }
}

export function chosen<T>(random: Random, choices: readonly T[]): T {
  return choices[random.nextInt(choices.length)]!;
}
