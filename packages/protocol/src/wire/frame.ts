import { createCipheriv, timingSafeEqual } from "node:crypto";
import { frameInvalid } from "./frame-invalid.ts";

/** Attachments of one frame at most. */
const mostAttachments = 255;

const sequenceBytes = 8;
const macBytes = 16;
const attachmentBytes = 4 + macBytes;
const headBytes = sequenceBytes + macBytes + 1;
const noMac = Buffer.alloc(macBytes);

/**
 * A frame is a message and announces attachments, large bytes that follow as they are, each in a WebSocket message of its own:
 *
 * ```text
 * sequence number, 8 bytes | MAC, 16 | number of attachments, 1 | for each: length, 4, MAC, 16 | message
 * ```
 *
 * The MAC is GMAC (AES-256-GCM without anything to encrypt, NIST SP 800-38D) under the key of this direction of the
 * connection. Its nonce is the frame's number and which part of it is meant, 0 for the frame and from 1 on its
 * attachments: no nonce is used twice with a key. The frame's covers the attachments through theirs. Under TLS, which
 * does all that, MACs are zeros.
 */
export class FrameSealer {
  readonly #key: Uint8Array | undefined;
  #sequence: number;

  /**
   * @param key Of this direction; undefined under TLS. Nothing else seals with it.
   * @param first The first frame's number: another than 0 for tests only.
   */
  constructor(key: Uint8Array | undefined, first = 0) {
    this.#key = key;
    this.#sequence = first;
  }

  /** About 4 µs, and 0.1 ns a byte of message and attachments where the processor has instructions for AES. */
  seal(message: Uint8Array, attachments: readonly Uint8Array[] = []): Buffer {
    if (attachments.length > mostAttachments) throw new RangeError(`${attachments.length} attachments are too many`);
    const frame = Buffer.allocUnsafe(frameBytes(message.length, attachments.length));
    const sequence = this.#sequence++;
    writeSequence(frame, sequence);
    frame[headBytes - 1] = attachments.length;
    let at = headBytes;
    attachments.forEach((attachment, index) => {
      frame.writeUInt32BE(attachment.length, at);
      frame.set(this.#key === undefined ? noMac : macOf(this.#key, nonceOf(sequence, index + 1), [attachment]), at + 4);
      at += attachmentBytes;
    });
    frame.set(message, at);
    frame.set(this.#key === undefined ? noMac : macOfFrame(this.#key, sequence, frame), sequenceBytes);
    return frame;
  }
}

/** Bytes of a frame for a message of so many, without what is attached. */
export function frameBytes(messageBytes: number, attachments: number): number {
  return headBytes + attachments * attachmentBytes + messageBytes;
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
  readonly mac: Uint8Array;
  /** What its MAC was made with. */
  readonly nonce: Uint8Array;
}

/** Opens the frames of one direction, in the order in which they were sealed. */
export class FrameOpener {
  readonly #key: Uint8Array | undefined;
  #sequence: number;

  /** @param key Of this direction; undefined under TLS. @param first The first frame's number, as its sealer has it. */
  constructor(key: Uint8Array | undefined, first = 0) {
    this.#key = key;
    this.#sequence = first;
  }

  /** @throws GloamError `GLOAM_FRAME_INVALID` for a frame that was altered, repeated, left out before, or never was one. */
  open(frame: Uint8Array): OpenedFrame {
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
    const count = bytes[headBytes - 1];
    if (count === undefined) throw frameInvalid("it is shorter than any frame");
    const begin = headBytes + count * attachmentBytes;
    if (begin > bytes.length) throw frameInvalid("it is cut off");
    const sequence = this.#sequence;
    // First: what a stranger claims to be a number never becomes a nonce.
    if (readSequence(bytes) !== sequence) throw frameInvalid("it does not follow the one before");
    if (
      this.#key !== undefined &&
      !timingSafeEqual(macOfFrame(this.#key, sequence, bytes), bytes.subarray(sequenceBytes, sequenceBytes + macBytes))
    ) {
      throw frameInvalid("it was not sealed by the other side, or was altered on the way");
    }
    this.#sequence++;
    return {
      message: bytes.subarray(begin),
      attachments: Array.from({ length: count }, (_, index) => {
        const at = headBytes + index * attachmentBytes;
        return {
          length: bytes.readUInt32BE(at),
          mac: bytes.subarray(at + 4, at + attachmentBytes),
          nonce: nonceOf(sequence, index + 1),
        };
      }),
    };
  }

  /** @throws GloamError `GLOAM_FRAME_INVALID` for bytes that are not the attachment that was announced. */
  check(attachment: Uint8Array, announced: AnnouncedAttachment): void {
    if (attachment.length !== announced.length)
      throw frameInvalid("an attachment has another length than was announced");
    if (this.#key === undefined) return;
    if (!timingSafeEqual(macOf(this.#key, announced.nonce, [attachment]), announced.mac))
      throw frameInvalid("an attachment was altered on the way");
  }
}

function macOfFrame(key: Uint8Array, sequence: number, frame: Buffer): Buffer {
  return macOf(key, nonceOf(sequence, 0), [frame.subarray(0, sequenceBytes), frame.subarray(sequenceBytes + macBytes)]);
}

function macOf(key: Uint8Array, nonce: Uint8Array, parts: readonly Uint8Array[]): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  for (const part of parts) cipher.setAAD(part);
  cipher.final();
  return cipher.getAuthTag();
}

/** 12 bytes: the number of the frame, and which part of it. */
function nonceOf(sequence: number, part: number): Buffer {
  const nonce = Buffer.allocUnsafe(sequenceBytes + 4);
  writeSequence(nonce, sequence);
  nonce.writeUInt32BE(part, sequenceBytes);
  return nonce;
}

function writeSequence(frame: Buffer, sequence: number): void {
  frame.writeUInt32BE(Math.floor(sequence / 2 ** 32), 0);
  frame.writeUInt32BE(sequence >>> 0, 4);
}

function readSequence(frame: Buffer): number {
  return frame.readUInt32BE(0) * 2 ** 32 + frame.readUInt32BE(4);
}
