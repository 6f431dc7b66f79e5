import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { frameInvalid } from "./frame-invalid.ts";

/** Attachments of one frame at most. */
const mostAttachments = 255;

const sequenceBytes = 8;
const macBytes = 16;
const digestBytes = 32;
const attachmentBytes = 4 + digestBytes;
const headBytes = sequenceBytes + macBytes + 1;
const noMac = Buffer.alloc(macBytes);
const noDigest = Buffer.alloc(digestBytes);

/**
 * A frame is a message and announces attachments, large bytes that follow as they are, each in a WebSocket message of its own:
 *
 * ```text
 * sequence number, 8 bytes | MAC, 16 | number of attachments, 1 | for each: length, 4, SHA-256, 32 | message
 * ```
 *
 * The MAC (HMAC-SHA-256, its first half) covers all the rest of the frame, and through the digests the attachments. Under
 * TLS, which does all that, MAC and digests are zeros.
 */
export class FrameSealer {
  readonly #key: Uint8Array | undefined;
  #sequence = 0;

  /** @param key Of this direction; undefined under TLS. */
  constructor(key: Uint8Array | undefined) {
    this.#key = key;
  }

  /** About 4 µs, and 0.6 ns a byte of message and attachments. */
  seal(message: Uint8Array, attachments: readonly Uint8Array[] = []): Buffer {
    if (attachments.length > mostAttachments) throw new RangeError(`${attachments.length} attachments are too many`);
    const frame = Buffer.allocUnsafe(headBytes + attachments.length * attachmentBytes + message.length);
    writeSequence(frame, this.#sequence++);
    frame[headBytes - 1] = attachments.length;
    let at = headBytes;
    for (const attachment of attachments) {
      frame.writeUInt32BE(attachment.length, at);
      frame.set(this.#key === undefined ? noDigest : digestOf(attachment), at + 4);
      at += attachmentBytes;
    }
    frame.set(message, at);
    frame.set(this.#key === undefined ? noMac : macOf(this.#key, frame), sequenceBytes);
    return frame;
  }
}

/** A frame whose MAC was right. */
export interface OpenedFrame {
  /** A view of the frame. */
  readonly message: Uint8Array;
  readonly attachments: readonly AnnouncedAttachment[];
}

/** An attachment that has to follow. */
export interface AnnouncedAttachment {
  readonly length: number;
  readonly digest: Uint8Array;
}

/** Opens the frames of one direction, in the order in which they were sealed. */
export class FrameOpener {
  readonly #key: Uint8Array | undefined;
  #sequence = 0;

  /** @param key Of this direction; undefined under TLS. */
  constructor(key: Uint8Array | undefined) {
    this.#key = key;
  }

  /** @throws GloamError `GLOAM_FRAME_INVALID` for a frame that was altered, repeated, left out before, or never was one. */
  open(frame: Uint8Array): OpenedFrame {
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
    const count = bytes[headBytes - 1];
    if (count === undefined) throw frameInvalid("it is shorter than any frame");
    const begin = headBytes + count * attachmentBytes;
    if (begin > bytes.length) throw frameInvalid("it is cut off");
    if (
      this.#key !== undefined &&
      !timingSafeEqual(macOf(this.#key, bytes), bytes.subarray(sequenceBytes, sequenceBytes + macBytes))
    ) {
      throw frameInvalid("it was not sealed by the other side, or was altered on the way");
    }
    if (readSequence(bytes) !== this.#sequence) throw frameInvalid("it does not follow the one before");
    this.#sequence++;
    return {
      message: bytes.subarray(begin),
      attachments: Array.from({ length: count }, (_, index) => {
        const at = headBytes + index * attachmentBytes;
        return { length: bytes.readUInt32BE(at), digest: bytes.subarray(at + 4, at + attachmentBytes) };
      }),
    };
  }

  /** @throws GloamError `GLOAM_FRAME_INVALID` for bytes that are not the attachment that was announced. */
  check(attachment: Uint8Array, announced: AnnouncedAttachment): void {
    if (attachment.length !== announced.length)
      throw frameInvalid("an attachment has another length than was announced");
    if (this.#key === undefined) return;
    if (!timingSafeEqual(digestOf(attachment), announced.digest))
      throw frameInvalid("an attachment was altered on the way");
  }
}

function macOf(key: Uint8Array, frame: Buffer): Buffer {
  return createHmac("sha256", key)
    .update(frame.subarray(0, sequenceBytes))
    .update(frame.subarray(sequenceBytes + macBytes))
    .digest()
    .subarray(0, macBytes);
}

function digestOf(bytes: Uint8Array): Buffer {
  return hash("sha256", bytes, "buffer");
}

function writeSequence(frame: Buffer, sequence: number): void {
  frame.writeUInt32BE(Math.floor(sequence / 2 ** 32), 0);
  frame.writeUInt32BE(sequence >>> 0, 4);
}

function readSequence(frame: Buffer): number {
  return frame.readUInt32BE(0) * 2 ** 32 + frame.readUInt32BE(4);
}
