import { Buffer } from "node:buffer";

const nothing = Buffer.alloc(0);

/**
 * A text on its way through a generated loop, as the UTF-8 bytes `from .. to` of a buffer. There is one for many texts, set
 * anew for each, so that a text that is only split, counted or converted never becomes a string. Who wants to keep it makes
 * a string of it.
 */
export class TextSpan {
  /** One more byte than `to` is there, and may be changed for as long as the text is read. */
  bytes: Buffer = nothing;
  from = 0;
  to = 0;
  /** Whether all bytes are known to be ASCII. */
  ascii = true;

  /** The text as a string: 130 to 270 ns for a short one. */
  toString(): string {
    return this.bytes.toString(this.ascii ? "latin1" : "utf8", this.from, this.to);
  }
}
