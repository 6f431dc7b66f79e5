import type { SessionKeys } from "../handshake/session-keys.ts";
import { frameInvalid } from "../wire/frame-invalid.ts";
import { frameBytes, FrameOpener, FrameSealer, type AnnouncedAttachment } from "../wire/frame.ts";

/** A message with the large bytes that came with it. */
export interface Delivery {
  readonly message: Uint8Array;
  readonly attachments: readonly Uint8Array[];
}

/** Bytes of a frame and of its attachments together, at most. */
export const mostDeliveryBytes = 256 * 1024 * 1024;

/** Both directions of a connection after its handshake, a pure machine: what goes out, and what has come in. */
export class Session {
  readonly #sealer: FrameSealer;
  readonly #opener: FrameOpener;
  /** A frame some of whose attachments are still to come. */
  #open: { readonly message: Uint8Array; readonly announced: readonly AnnouncedAttachment[] } | undefined;
  #attachments: Uint8Array[] = [];

  /** @param keys Undefined under TLS. */
  constructor(keys: SessionKeys | undefined) {
    this.#sealer = new FrameSealer(keys?.sending);
    this.#opener = new FrameOpener(keys?.receiving);
  }

  /**
   * The WebSocket messages that carry a message and its attachments, in order.
   * @throws RangeError where they are too large together. Then nothing was sealed, and others may follow.
   */
  send(message: Uint8Array, attachments: readonly Uint8Array[] = []): readonly Uint8Array[] {
    // Before it is sealed: a number that is left out would be the end of the connection.
    const bytes = attachments.reduce((sum, { length }) => sum + length, frameBytes(message.length, attachments.length));
    if (bytes > mostDeliveryBytes) throw new RangeError(`a message of ${bytes} bytes is too large for a connection`);
    return [this.#sealer.seal(message, attachments), ...attachments];
  }

  /**
   * Takes a WebSocket message; gives what is complete with it.
   * @throws GloamError `GLOAM_FRAME_INVALID`
   */
  receive(bytes: Uint8Array): Delivery | undefined {
    if (this.#open === undefined) {
      const { message, attachments } = this.#opener.open(bytes);
      if (attachments.length === 0) return { message, attachments: [] };
      const total = attachments.reduce((sum, { length }) => sum + length, bytes.length);
      if (total > mostDeliveryBytes) throw frameInvalid(`its attachments would have ${total} bytes`);
      this.#open = { message, announced: attachments };
      return undefined;
    }
    const { message, announced } = this.#open;
    const expected = announced[this.#attachments.length];
    if (expected === undefined) throw frameInvalid("an attachment too many");
    this.#opener.check(bytes, expected);
    if (this.#attachments.push(bytes) < announced.length) return undefined;
    const attachments = this.#attachments;
    this.#open = undefined;
    this.#attachments = [];
    return { message, attachments };
  }
}
