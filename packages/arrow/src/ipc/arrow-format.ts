/** Numbers of Arrow's format: Message.fbs and Schema.fbs. */

/** Begins every message; then the length of the metadata, the metadata, the body. */
export const continuation = 0xffff_ffff;
/** `MetadataVersion.V5`. */
export const metadataVersion = 4;

/** Union `MessageHeader`. */
export const messageHeader = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const;

/** Union `Type`. */
export const arrowType = {
  null: 1,
  int: 2,
  floatingPoint: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  timestamp: 10,
  list: 12,
  struct: 13,
} as const;

/** `Precision.DOUBLE`. */
export const doublePrecision = 2;
/** `TimeUnit.MILLISECOND`. */
export const millisecond = 1;

/**
 * Metadata of the schema: what the rows are. `tuple` and `object`: the fields are the row's; `value`: the only field is
 * the row.
 */
export const rowsKey = "gloam.rows";
/**
 * Metadata of a field: what a struct stands for. `tuple`: an array; `undefinable`: a value and a bit that says that it is
 * undefined. Other structs are objects.
 */
export const kindKey = "gloam.kind";
/** Arrow's own key for extension types. */
export const extensionKey = "ARROW:extension:name";
/** The extension type of MessagePack values, stored as binary. */
export const extensionName = "gloam.msgpack";
