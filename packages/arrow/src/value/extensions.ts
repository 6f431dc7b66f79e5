/**
 * MessagePack extension types of what plain MessagePack loses. The payload of every type is MessagePack itself, except
 * where noted. -1 is the specification's own timestamp.
 */
export const extension = {
  timestamp: -1,
  /** One zero byte, as msgpackr writes it. */
  undefined: 0,
  /** Beyond 64 bits: a sign byte (0 or 1), then the magnitude, big endian. */
  bigint: 1,
  /** A string with lone surrogates: code units, little endian. */
  utf16: 2,
  /** An array with holes: length, number of elements, then index and element of each. */
  sparseArray: 3,
  /** A map that becomes an object without prototype. */
  nullPrototype: 4,
  /** Number of entries, then key and value of each. */
  map: 5,
  /** Number of elements, then each. */
  set: 6,
  /** Source, flags, lastIndex. */
  regExp: 7,
  /** Name of the built-in class, then a map of hidden properties, then a map of enumerable ones. */
  error: 8,
  /** A byte for the class (see `binaryClasses`), then the bytes. */
  binary: 9,
  /** Registered name, then its data. */
  instance: 10,
  /** The address. */
  url: 11,
  /** The primitive inside a Number, String, Boolean or BigInt object. */
  boxed: 12,
  /** A value within which `reference` may stand. */
  graph: 13,
  /** Index, in the order in which they begin, of an object of the graph (four bytes, big endian). */
  reference: 14,
  /** No payload but a zero byte. */
  invalidDate: 15,
} as const;

/** Classes of `extension.binary`, by the byte that names them. */
export const binaryClasses: readonly (new (buffer: ArrayBuffer) => ArrayBufferView | ArrayBuffer)[] = [
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
];
/** Bytes of `extension.binary` beyond the classes. */
export const bufferClass = 100;
export const arrayBufferClass = 101;

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
