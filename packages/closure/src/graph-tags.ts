/** Numbers of slots in encoded graphs. Append only. */
export const slotTag = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  integer: 4,
  negativeInteger: 5,
  float: 6,
  bigint: 7,
  newString: 8,
  seenString: 9,
  longString: 10,
  blobString: 11,
  registeredSymbol: 12,
  wellKnownSymbol: 13,
  node: 14,
  hole: 15,
} as const;

/** Kinds of nodes; their positions are their numbers in encoded graphs. Append only. */
export const nodeKinds = [
  "object",
  "nullObject",
  "array",
  "numbers",
  "map",
  "set",
  "date",
  "regexp",
  "error",
  "arrayBuffer",
  "view",
  "buffer",
  "boxed",
  "url",
  "urlSearchParams",
  "textEncoder",
  "textDecoder",
  "function",
  "bound",
  "prototype",
  "module",
  "global",
  "importMeta",
  "dynamicImport",
  "require",
  "transfer",
  "nested",
  "intrinsic",
] as const;

/** Forms of code, in the order of their numbers in encoded graphs. Append only. */
export const codeForms = ["expression", "class", "method", "getter", "setter"] as const;

/** Flags of a property. */
export const propertyFlag = { enumerable: 1, accessor: 2, symbol: 4 } as const;

/** Strings up to this length are written once and then named by number. */
export const internedLength = 64;

/** Changes whenever the format does. */
export const formatVersion = 2;

/** First byte of every graph. */
export const formatMagic = 0x67;
