import type { Message, MessageHeader } from "apache-arrow/fb/Message_generated";
import type { ByteBuffer } from "flatbuffers";
import { corrupt } from "../corrupt.ts";
import { metadataClasses } from "./metadata-classes.ts";

/** A table or struct of apache-arrow's classes. */
interface Table {
  bb: ByteBuffer | null;
  bb_pos: number;
}

/**
 * Reads the metadata of messages with apache-arrow's classes, one message after the other: `open` makes what was read
 * from the previous one invalid. The classes check nothing: what lies beyond the bytes reads as 0, and whoever uses a
 * value has to check it.
 *
 * Metadata is copied into a buffer that is used again: a new ByteBuffer makes a TextDecoder, which takes longer than all
 * the rest.
 */
export class MessageReader {
  readonly #arrow = metadataClasses();
  readonly #message: Message = new this.#arrow.Message();
  #bytes = new Uint8Array(4096);
  #buffer = new this.#arrow.ByteBuffer(this.#bytes);
  #length = 0;

  /** Bytes of the metadata. */
  get length(): number {
    return this.#length;
  }

  /** Opens the message whose metadata this is. */
  open(metadata: Uint8Array): void {
    const { length } = metadata;
    if (length > this.#bytes.length) {
      this.#bytes = new Uint8Array(2 * length);
      this.#buffer = new this.#arrow.ByteBuffer(this.#bytes);
    } else if (length < this.#length) this.#bytes.fill(0, length, this.#length);
    this.#bytes.set(metadata);
    this.#length = length;
    this.#arrow.Message.getRootAsMessage(this.#buffer, this.#message);
  }

  /** What kind of message it is. */
  get headerType(): MessageHeader {
    return this.#message.headerType();
  }

  /** Bytes of the body. Raises GLOAM_BLOCK_CORRUPT for a number that none can have. */
  get bodyLength(): number {
    return lengthOf(this.#message.bodyLength());
  }

  /** The message's header as an object of the class that its type asks for. Raises GLOAM_BLOCK_CORRUPT where it is absent. */
  header<T extends Table>(header: T): T {
    const found = this.#message.header(header) as T | null;
    if (found === null) throw corrupt("a message is empty");
    return found;
  }

  /** The int64 at that place of the metadata, a length or a position: apache-arrow's own way is by a bigint, at 0.1 µs each. */
  int64(at: number): number {
    const high = this.#buffer.readInt32(at + 4);
    if (high < 0 || high > 0x1f_ffff) throw corrupt("a length is out of range");
    return high * 4294967296 + this.#buffer.readUint32(at);
  }
}

/** A length as a number. Raises GLOAM_BLOCK_CORRUPT where it is negative or beyond what a number holds exactly. */
export function lengthOf(value: bigint): number {
  const length = Number(value);
  if (!(length >= 0 && length <= Number.MAX_SAFE_INTEGER)) throw corrupt("a length is out of range");
  return length;
}
