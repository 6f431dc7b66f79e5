import fc from "fast-check";
import { registerClass } from "../value/class-registry.ts";
import { vectorClasses } from "../vector-classes.ts";

/** Any string, also with lone surrogates, short and long. */
const strings = fc.oneof(
  fc.string(),
  fc.string({ minLength: 12, maxLength: 120 }),
  fc.string({ unit: "grapheme" }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toJSON",
    "",
    "\0",
    "\ud800",
    "é",
    "日本語".repeat(30),
    "\u001b",
    "\ufeff",
    `\ufeff${"a".repeat(80)}`,
  ),
);
const wellFormed = strings.filter((text) => text.isWellFormed());
const keys = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("a", "b", "c", "1", "0") },
  { weight: 1, arbitrary: strings },
);

const numbers = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(
    0,
    -0,
    Number.NaN,
    Infinity,
    -Infinity,
    2 ** 31,
    -(2 ** 31),
    2 ** 31 - 1,
    2 ** 32,
    2 ** 53,
    127,
    128,
    255,
    256,
    65535,
    65536,
    -32,
    -33,
    -128,
    -129,
    -32768,
    -32769,
  ),
);
const bigints = fc.oneof(
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(2n ** 63n, 2n ** 64n, 2n ** 64n - 1n, -(2n ** 63n), -(2n ** 63n) - 1n, 0n),
);
const dates = fc.oneof(
  fc.date(),
  fc.constantFrom(new Date(8.64e15), new Date(-8.64e15), new Date(-1), new Date(Number.NaN)),
);
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => new Uint8Array(array));

/** Typed arrays of any bits, also of NaNs that differ; an arbitrary for each class. */
export const vectors: readonly fc.Arbitrary<unknown>[] = Object.values(vectorClasses).map((constructor) =>
  fc.uint8Array({ maxLength: 40 }).map((array) => {
    const whole = array.length - (array.length % constructor.BYTES_PER_ELEMENT);
    return new constructor(new Uint8Array(array).buffer.slice(0, whole));
  }),
);

const views = fc.oneof(
  bytes.map((array) => Buffer.from(array)),
  bytes.map((array) => new Uint8Array(array).buffer),
  bytes.map((array) => new DataView(new Uint8Array(array).buffer)),
  ...vectors,
);

/** A class whose instances travel. */
export class Point {
  readonly x: unknown;
  readonly y: unknown;
  constructor(x: unknown, y: unknown) {
    this.x = x;
    this.y = y;
  }
}

registerClass({ name: "Point", constructor: Point });

const leaves = fc.oneof(
  numbers,
  strings,
  fc.boolean(),
  bigints,
  fc.constantFrom(null, undefined),
  dates,
  bytes,
  views,
  fc.constantFrom(
    /a[b"]\/c/giu,
    /x/,
    new URL("https://example.org/a?b=ü"),
    Object("s"),
    Object(-0),
    Object(1n),
    Object(true),
  ),
);

/** Any value that can travel. */
export const anyValue = fc.letrec<{ value: unknown; plain: unknown }>((tie) => ({
  plain: fc.oneof({ maxDepth: 4, depthSize: "small" }, leaves, tie("value")),
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small", withCrossShrink: true },
    leaves,
    fc.array(tie("value"), { maxLength: 6 }),
    fc.sparseArray(tie("value"), { maxLength: 8, maxNumElements: 4 }),
    fc.dictionary(keys, tie("value"), { maxKeys: 5, noNullPrototype: false }),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie("value"), { maxLength: 4 }).map((elements) => new Set(elements)),
    fc.tuple(tie("value"), tie("value")).map(([x, y]) => new Point(x, y)),
    fc.tuple(strings, tie("value")).map(([message, cause]) => new TypeError(message, { cause })),
    fc.tuple(strings, tie("value")).map(([message, code]) => Object.assign(new Error(message), { code })),
  ),
})).value;

/** An arbitrary of values of one type, of any type that columns have. */
const columns: fc.Arbitrary<fc.Arbitrary<unknown>> = fc.letrec<{ column: fc.Arbitrary<unknown> }>((tie) => ({
  column: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom<fc.Arbitrary<unknown>>(
      fc.integer(),
      numbers,
      wellFormed,
      fc.string({ maxLength: 8 }),
      strings,
      fc.boolean(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.date({ noInvalidDate: true }),
      bytes,
      fc.constant(null),
      fc.constant(undefined),
      anyValue,
    ),
    fc.constantFrom(...vectors),
    fc.array(tie("column"), { minLength: 1, maxLength: 4 }).map((parts) => fc.tuple(...parts)),
    tie("column").map((element) => fc.array(element, { maxLength: 6 })),
    fc
      .uniqueArray(keys, { minLength: 1, maxLength: 4 })
      .chain((names) => fc.tuple(fc.constant(names), fc.array(tie("column"), { minLength: 4, maxLength: 4 })))
      .map(([names, parts]) =>
        fc.tuple(...names.map((_, i) => parts[i]!)).map((values) => {
          const object: Record<string, unknown> = {};
          names.forEach((name, i) =>
            Object.defineProperty(object, name, {
              value: values[i],
              enumerable: true,
              configurable: true,
              writable: true,
            }),
          );
          return object;
        }),
      ),
    tie("column").map((column) =>
      fc.oneof({ weight: 3, arbitrary: column }, { weight: 1, arbitrary: fc.constant(null) }),
    ),
    tie("column").map((column) => fc.option(column, { nil: undefined, freq: 3 })),
  ),
})).column;

/** Rows as programs have them: mostly of one type, now and then with something else among them. */
export const someRows: fc.Arbitrary<unknown[]> = columns.chain((column) =>
  fc.array(fc.oneof({ weight: 60, arbitrary: column }, { weight: 1, arbitrary: anyValue }), {
    maxLength: 60,
    size: "large",
  }),
);
