import type { ColumnBatch } from "../column.ts";
import { corrupt } from "../corrupt.ts";
import { continuation } from "./arrow-format.ts";
import { MessageReader } from "./message-reader.ts";
import { metadataClasses } from "./metadata-classes.ts";
import { readSchema } from "./read-schema.ts";
import { readRecordBatch } from "./record-batch-reader.ts";
import type { RowType } from "./type-tree.ts";

/** Memory is asked for as bytes come, no more than so many beforehand: a length may be anything. */
const pieceBytes = 2 ** 20;

/**
 * Reads the batches of one or more Arrow IPC streams, one after the other, from a source that gives bytes as they are asked for: at
 * any time one batch is in memory. A stream has to have its end: one without it was cut off where a batch ends, or not written
 * to its end. What `decodeBatches` says of checks and of other writers holds here too.
 */
export class StreamReader {
  readonly #read: (target: Uint8Array, offset: number, length: number) => number;
  readonly #message = new MessageReader();
  readonly #prefix = new Uint8Array(8);
  #schema: RowType | undefined;
  #isEmpty = true;

  /** @param read Fills `target` from `offset` on with up to `length` bytes and gives their number; 0 at the end. */
  constructor(read: (target: Uint8Array, offset: number, length: number) => number) {
    this.#read = read;
  }

  /** The next batch, which is not changed by later calls; undefined at the end. Raises GLOAM_BLOCK_CORRUPT. */
  next(): ColumnBatch | undefined {
    const { MessageHeader } = metadataClasses();
    for (let length = this.#metadataLength(); length !== undefined; length = this.#metadataLength()) {
      if (length === 0) {
        this.#schema = undefined;
        continue;
      }
      if (length < 0 || length % 8 !== 0) throw corrupt("a message has no valid length");
      const message = this.#message;
      message.open(this.#take(length));
      const { headerType, bodyLength } = message;
      if (bodyLength % 8 !== 0) throw corrupt("a message's body has no valid length");
      const body = this.#take(bodyLength);
      if (headerType === MessageHeader.Schema) {
        if (this.#schema !== undefined) throw corrupt("a stream has two schemas");
        this.#schema = readSchema(message);
      } else if (headerType === MessageHeader.RecordBatch) {
        if (this.#schema === undefined) throw corrupt("a stream lacks its schema");
        return readRecordBatch(message, this.#schema, body, 0, bodyLength);
      } else throw corrupt(`messages of type ${headerType} are not supported`);
    }
    if (this.#schema !== undefined) throw corrupt("a stream has no end");
    return undefined;
  }

  /** Undefined at the end of the source. */
  #metadataLength(): number | undefined {
    const read = this.#fill(this.#prefix, 0, 8);
    if (read === 0) return undefined;
    const view = new DataView(this.#prefix.buffer);
    if (read >= 4 && view.getUint32(0, true) !== continuation) {
      throw corrupt(this.#isEmpty ? "it is no Arrow IPC stream" : "a message does not begin as it must");
    }
    if (read < 8) throw corrupt("a message is cut off");
    this.#isEmpty = false;
    return view.getInt32(4, true);
  }

  #take(length: number): Uint8Array {
    let bytes = new Uint8Array(Math.min(length, pieceBytes));
    let read = this.#fill(bytes, 0, bytes.length);
    while (read === bytes.length && read < length) {
      const larger = new Uint8Array(Math.min(length, 2 * bytes.length));
      larger.set(bytes);
      bytes = larger;
      read += this.#fill(bytes, read, bytes.length - read);
    }
    if (read < length) throw corrupt("a message is cut off");
    return bytes;
  }

  /** Reads until so many bytes are there or the source ends; their number. */
  #fill(target: Uint8Array, offset: number, length: number): number {
    let done = 0;
    while (done < length) {
      const read = this.#read(target, offset + done, length - done);
      if (read === 0) break;
      done += read;
    }
    return done;
  }
}
