import type { Random } from "@gloam/common";
import type { Call } from "./calls.ts";
import { chosen, depthOf, isOrdered, isPair, randomValue, type Shape } from "./shapes.ts";

/** A function of the elements of some shape, with the shape of what it gives. */
export interface TypedCall {
  readonly call: Call;
  readonly to: Shape;
}

const deepest = 3;

/** A function for `map`; `same` where nothing fits. */
export function randomUnary(random: Random, shape: Shape): TypedCall {
  const fitting = unariesOf(random, shape).filter(({ to }) => depthOf(to) <= deepest);
  return fitting.length === 0 ? { call: { name: "same" }, to: shape } : chosen(random, fitting);
}

function unariesOf(random: Random, shape: Shape): TypedCall[] {
  const by = 2 + random.nextInt(9);
  const typed = (to: Shape, name: string, ...rest: [Call["by"]?, ...Call[]]): TypedCall => {
    const [parameter, ...of] = rest;
    return {
      to,
      call: { name, ...(parameter === undefined ? {} : { by: parameter }), ...(of.length > 0 ? { of } : {}) },
    };
  };
  const bounded = (first: Call): TypedCall => typed("int", "chain", undefined, first, { name: "modulo", by: 1009 });
  switch (shape) {
    case "int":
      return [
        bounded({ name: "add", by }),
        bounded({ name: "times", by }),
        bounded({ name: "negate" }),
        typed("int", "modulo", by),
        typed("text", "describe"),
        typed({ maybe: "int" }, "nullIfMultiple", by),
        typed({ list: "int" }, "numbersBelow", 5),
        typed("float", "divide", 3),
        typed("eighth", "divide", 8),
        typed("float", "squareRoot"),
      ];
    case "eighth":
      return [
        typed("eighth", "add", 0.5),
        typed("eighth", "modulo", 16),
        typed("eighth", "negate"),
        bounded({ name: "floor" }),
        typed("float", "times", 0.1),
      ];
    case "float":
      return [
        typed("float", "times", 1.1),
        typed("float", "add", 0.3),
        typed("float", "negate"),
        typed("float", "squareRoot"),
        bounded({ name: "floor" }),
      ];
    case "rough":
      return [];
    case "text":
      return [
        typed("int", "length"),
        typed({ list: "text" }, "characters"),
        typed({ list: "text" }, "words"),
        typed("text", "reversed"),
        typed("text", "upper"),
        typed("text", "append", " é"),
      ];
    default:
      break;
  }
  if (isPair(shape)) {
    const key = randomUnary(random, shape.key);
    return [
      typed({ key: shape.value, value: shape.key }, "swap"),
      typed(shape.key, "first"),
      typed(shape.value, "second"),
      typed({ key: key.to, value: shape.value }, "onKey", undefined, key.call),
    ];
  }
  if ("maybe" in shape) {
    return [typed("int", "isNull"), typed(shape.maybe, "orElse", randomValue(random, definite(shape.maybe)))];
  }
  const each = randomUnary(random, shape.list);
  return [
    typed("int", "size"),
    typed(shape, "backwards"),
    typed({ list: each.to }, "each", undefined, each.call),
    ...(isOrdered(shape.list) ? [typed(shape, "sorted")] : []),
  ];
}

/** A shape without null at its top: what null is replaced by. */
function definite(shape: Shape): Shape {
  return typeof shape === "object" && "maybe" in shape ? definite(shape.maybe) : shape;
}

/** A function for `filter`, where there is one. */
export function randomPredicate(random: Random, shape: Shape): Call | undefined {
  const by = 2 + random.nextInt(9);
  switch (shape) {
    case "int":
      return chosen(random, [{ name: "notMultiple", by }, { name: "below", by }]); // prettier-ignore
    case "eighth":
    case "float":
      return { name: "below", by };
    case "rough":
      return undefined;
    case "text":
      return { name: "longer", by: 1 };
    default:
      break;
  }
  if (isPair(shape)) {
    const [name, inner] = random.nextInt(2) === 0 ? ["ofKey", shape.key] as const : ["ofValue", shape.value] as const; // prettier-ignore
    const of = randomPredicate(random, inner);
    return of && { name, of: [of] };
  }
  return "maybe" in shape ? { name: "isThere" } : { name: "larger", by: 1 };
}

/** A function for `flatMap`, with at most how many elements it makes of one, where there is one. */
export function randomExpansion(random: Random, shape: Shape): (TypedCall & { readonly most: number }) | undefined {
  if (shape === "int") return { call: { name: "numbersBelow", by: 4 }, to: "int", most: 3 };
  if (shape === "text") {
    const name = chosen(random, ["characters", "words"]);
    return { call: { name }, to: "text", most: 12 };
  }
  if (typeof shape === "object" && "list" in shape) return { call: { name: "backwards" }, to: shape.list, most: 12 };
  return undefined;
}

/** A function that adds two values in any order and grouping, where there is one; of floats, up to rounding. */
export function randomAddition(random: Random, shape: Shape): TypedCall | undefined {
  const largest = { call: { name: "largest" }, to: shape };
  const smallest = { call: { name: "smallest" }, to: shape };
  switch (shape) {
    case "int":
    case "eighth":
      return chosen(random, [largest, smallest, { call: { name: "sumModulo", by: 512 }, to: shape }]);
    case "float":
      return chosen(random, [largest, { call: { name: "sum" }, to: "rough" as const }]);
    case "text":
      return chosen(random, [largest, smallest]);
    default:
      return undefined;
  }
}

/** Makes a list whose order Spark does not promise the same in both. */
export function ordered(shape: Shape): TypedCall {
  return isOrdered(shape) ? { call: { name: "sorted" }, to: { list: shape } } : { call: { name: "size" }, to: "int" };
}
