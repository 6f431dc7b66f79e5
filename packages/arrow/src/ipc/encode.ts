import type { ColumnBatch } from "../column.ts";
import { typesOf } from "../read/layout.ts";
import { continuation } from "./arrow-format.ts";
import { RecordBatchMessage } from "./record-batch-message.ts";
import { rowTypeOf } from "./type-tree.ts";
import { writeSchema } from "./write-schema.ts";

/** Metadata of schemas by layout. */
const schemas = new Map<string, Uint8Array>();

/**
 * Batches as Arrow IPC streams, one after the other: a stream for each run of batches of the same types, readable by any
 * Arrow implementation. The length is a multiple of 8. Raises GLOAM_ARGUMENT_INVALID for more than 2^24 rows or list
 * elements in a batch. A few microseconds a batch, and the copying of the buffers.
 */
export function encodeBatches(batches: readonly ColumnBatch[]): Uint8Array<ArrayBuffer> {
  const plan = planBatches(batches);
  const bytes = Buffer.allocUnsafeSlow(plan.byteLength);
  plan.write(bytes, 0);
  return new Uint8Array(bytes.buffer, 0, plan.byteLength);
}

/** An encoding whose size is known before its bytes are written, so that they can be written where they stay. */
export interface EncodingPlan {
  readonly byteLength: number;
  /** Writes the encoding at `offset`, a multiple of 8 from the beginning of `target`. Once. */
  write(target: Uint8Array, offset: number): void;
}

/** Plans what `encodeBatches` writes. The batches' buffers are read by `write`. */
export function planBatches(batches: readonly ColumnBatch[]): EncodingPlan {
  const messages: Message[] = [];
  let byteLength = 0;
  let schema: Uint8Array | undefined;
  for (const batch of batches) {
    const next = schemaOf(batch);
    if (next !== schema) {
      // A chunk may hold an end of stream and then another stream.
      if (schema !== undefined) byteLength += 8;
      messages.push({ schema: next, ends: schema !== undefined });
      byteLength += 8 + next.length;
      schema = next;
    }
    const message = new RecordBatchMessage(batch);
    messages.push(message);
    byteLength += message.byteLength;
  }
  if (schema !== undefined) byteLength += 8;
  return {
    byteLength,
    write(target, offset) {
      const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
      let at = offset;
      for (const message of messages) {
        if (message instanceof RecordBatchMessage) {
          message.write(target, view, at);
          at += message.byteLength;
          continue;
        }
        if (message.ends) at = writePrefix(view, at, 0);
        at = writePrefix(view, at, message.schema.length);
        target.set(message.schema, at);
        at += message.schema.length;
      }
      if (schema !== undefined) writePrefix(view, at, 0);
    },
  };
}

/**
 * Encodes batches one by one into what is one Arrow IPC stream as long as their types are the same: another type ends the stream and
 * begins the next one. For files that are written while they grow.
 */
export class StreamEncoder {
  #schema: Uint8Array | undefined;

  /** The bytes to append for a batch; a multiple of 8. Raises GLOAM_ARGUMENT_INVALID as `encodeBatches` does. */
  encode(batch: ColumnBatch): Uint8Array<ArrayBuffer> {
    const schema = schemaOf(batch);
    const message = new RecordBatchMessage(batch);
    const isNew = schema !== this.#schema;
    const before = isNew ? (this.#schema === undefined ? 8 : 16) + schema.length : 0;
    const bytes = new Uint8Array(before + message.byteLength);
    const view = new DataView(bytes.buffer);
    if (isNew) {
      const at = writePrefix(view, this.#schema === undefined ? 0 : writePrefix(view, 0, 0), schema.length);
      bytes.set(schema, at);
      this.#schema = schema;
    }
    message.write(bytes, view, before);
    return bytes;
  }

  /** The bytes that end the last stream; none where there was no batch. */
  finish(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#schema === undefined ? 0 : 8);
    if (this.#schema !== undefined) writePrefix(new DataView(bytes.buffer), 0, 0);
    this.#schema = undefined;
    return bytes;
  }
}

type Message = RecordBatchMessage | { readonly schema: Uint8Array; readonly ends: boolean };

function writePrefix(view: DataView, at: number, length: number): number {
  view.setUint32(at, continuation, true);
  view.setInt32(at + 4, length, true);
  return at + 8;
}

function schemaOf(batch: ColumnBatch): Uint8Array {
  const layout = typesOf(batch);
  let schema = schemas.get(layout);
  if (schema === undefined) {
    if (schemas.size >= 500) schemas.clear();
    schemas.set(layout, (schema = writeSchema(rowTypeOf(batch))));
  }
  return schema;
}
