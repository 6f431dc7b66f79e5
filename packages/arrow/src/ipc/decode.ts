import type { ColumnBatch } from "../column.ts";
import { corrupt } from "../corrupt.ts";
import { continuation } from "./arrow-format.ts";
import { MessageReader } from "./message-reader.ts";
import { metadataClasses } from "./metadata-classes.ts";
import { readSchema } from "./read-schema.ts";
import { readRecordBatch } from "./record-batch-reader.ts";
import type { RowType } from "./type-tree.ts";

/** Types by the bytes of the schema's metadata: the same few schemas come again and again. */
const schemas = new Map<string, RowType>();
/** Longer schemas are read each time. */
const longestCached = 4096;

let reader: MessageReader | undefined;

/**
 * The batches of one or more Arrow IPC streams, one after the other, as views of `bytes` (which may be shared memory;
 * it must not change while the batches are in use). Where `bytes` does not begin at a multiple of 8 it is copied first.
 *
 * Everything is checked before it is believed: raises GLOAM_BLOCK_CORRUPT for bytes that are not such streams, and for
 * Arrow types and features that no column has (dictionaries, compression). Reads what other writers made of the same
 * types; structs without our metadata are objects. A few microseconds a batch, and 0.5 ns a row of text or list.
 */
export function decodeBatches(bytes: Uint8Array): ColumnBatch[] {
  let source = bytes;
  if (bytes.byteOffset % 8 !== 0) {
    source = new Uint8Array(bytes.length);
    source.set(bytes);
  }
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const batches: ColumnBatch[] = [];
  let schema: RowType | undefined;
  let at = 0;
  while (at < source.length) {
    if (at + 4 > source.length) throw corrupt("a message is cut off");
    if (view.getUint32(at, true) !== continuation) throw corrupt("a message does not begin as it must");
    if (at + 8 > source.length) throw corrupt("a message is cut off");
    const length = view.getInt32(at + 4, true);
    at += 8;
    if (length === 0) {
      schema = undefined;
      continue;
    }
    if (length < 0 || at + length > source.length) throw corrupt("a message is cut off");
    if (length % 8 !== 0) throw corrupt("a message's body begins at no multiple of 8");
    const metadata = source.subarray(at, at + length);
    at += length;
    const known = schema === undefined ? knownSchema(metadata) : undefined;
    if (known !== undefined) {
      schema = known;
      continue;
    }
    const message = (reader ??= new MessageReader());
    const { MessageHeader } = metadataClasses();
    message.open(metadata);
    const { headerType, bodyLength } = message;
    if (bodyLength % 8 !== 0 || at + bodyLength > source.length) throw corrupt("a message's body is cut off");
    if (headerType === MessageHeader.Schema) {
      if (schema !== undefined) throw corrupt("a stream has two schemas");
      schema = readSchema(message);
      if (bodyLength === 0) remember(metadata, schema);
    } else if (headerType === MessageHeader.RecordBatch) {
      if (schema === undefined) throw corrupt("a stream lacks its schema");
      batches.push(readRecordBatch(message, schema, source, at, bodyLength));
    } else throw corrupt(`messages of type ${headerType} are not supported`);
    at += bodyLength;
  }
  return batches;
}

function knownSchema(metadata: Uint8Array): RowType | undefined {
  return metadata.length > longestCached ? undefined : schemas.get(keyOf(metadata));
}

function remember(metadata: Uint8Array, schema: RowType): void {
  if (metadata.length > longestCached) return;
  if (schemas.size >= 500) schemas.clear();
  schemas.set(keyOf(metadata), schema);
}

function keyOf(metadata: Uint8Array): string {
  return Buffer.from(metadata.buffer, metadata.byteOffset, metadata.length).toString("latin1");
}
