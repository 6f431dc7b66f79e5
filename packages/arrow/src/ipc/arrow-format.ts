/** Begins every message; then the length of the metadata, the metadata, the body. */
export const continuation = 0xffff_ffff;

/**
 * Metadata of the schema: what the rows are. `tuple` and `object`: the fields are the row's; `value`: the only field is
 * the row.
 */
export const rowsKey = "gloam.rows";
/**
 * Metadata of a field: what a struct or list stands for. `tuple`: an array; `undefinable`: a value and a bit that says that it
 * is undefined; other structs are objects. The name of a class of typed arrays: these; other lists are arrays.
 */
export const kindKey = "gloam.kind";
/** Arrow's own key for extension types. */
export const extensionKey = "ARROW:extension:name";
/** The extension type of MessagePack values, stored as binary. */
export const extensionName = "gloam.msgpack";
