import { vectorClasses } from "../vector-classes.ts";

/** Begins an escape: the character of that name. */
export const escapeMark = "\u001b";

/**
 * What MessagePack loses is written as an array that begins with `escapeMark`, as no other array within such a value
 * does: `[escapeMark, escape, ...parts]`. A value that needs none of this is plain MessagePack; one that does is such an
 * array itself, so that its reader knows from the first bytes.
 */
export const escape = {
  /** The value, for a root that is no escape but holds some. */
  root: 0,
  /** The elements of an array that begins with the mark. */
  array: 1,
  /** Nothing. */
  negativeZero: 2,
  /** A string that UTF-8 or its decoder would change: code units, little endian. */
  utf16: 3,
  /** An array with holes: its length, then index and element of each. */
  sparseArray: 4,
  /** An object with keys that MessagePack's objects cannot have: key and value of each. */
  object: 5,
  /** An object without prototype: key and value of each. */
  nullPrototype: 6,
  /** Key and value of each entry. */
  map: 7,
  /** The elements. */
  set: 8,
  /** Source, flags, lastIndex. */
  regExp: 9,
  /** Name of the built-in class, keys and values of hidden properties as one array, then key and value of the others. */
  error: 10,
  /** Number of the class (see `binaryClasses`), then the bytes. */
  binary: 11,
  /** Registered name; then what `toData` gave, or the properties as of an error or an object. */
  instance: 12,
  /** The address. */
  url: 13,
  /** The primitive inside a Number, String, Boolean or BigInt object. */
  boxed: 14,
  /** A value, then the objects that it and they refer to. */
  graph: 15,
  /** Number of an object of the graph. */
  reference: 16,
  /** Number of the class as for `binary`, then where its bytes lie among those that were set apart, and how many they are. */
  apart: 17,
} as const;

/** Classes of `escape.binary`, by number. Plain Uint8Arrays are MessagePack's own. */
export const binaryClasses: readonly (new (buffer: ArrayBuffer) => ArrayBufferView | ArrayBuffer)[] = [
  ...Object.values(vectorClasses),
  DataView,
];
/** Numbers of `escape.binary` beyond the classes. */
export const bufferClass = 100;
export const arrayBufferClass = 101;
/** Of plain Uint8Arrays that are set apart. */
export const uint8Class = 102;

/** Built-in errors by name. */
export const errorClasses: ReadonlyMap<string, ErrorConstructor> = new Map(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError].map(
    (constructor) => [constructor.name, constructor as ErrorConstructor],
  ),
);

/** Hidden own properties of errors that travel. */
export const hiddenErrorProperties = ["message", "stack", "cause", "errors"] as const;

/** Values nested deeper are refused: the stack of whoever reads or writes them is finite. */
export const deepestValue = 1_000;

/** Whether this is an escape; a value that holds some is one itself. */
export function isEscape(form: unknown): form is unknown[] {
  return Array.isArray(form) && form[0] === escapeMark;
}
