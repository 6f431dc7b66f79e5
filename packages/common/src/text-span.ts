import { Buffer } from "node:buffer";

const nothing = Buffer.alloc(0);

/**
 * A text on its way through a generated loop, as the ASCII bytes `from .. to` of a buffer; or as a string, where it is not ASCII. There
 * is one for many texts, set anew for each, so that a text that is only split, counted or converted never becomes a
 * string. Who wants to keep it makes a string of it.
 */
export class TextSpan {
  /** One more byte than `to` is there, and may be changed for as long as the text is read. */
  bytes: Buffer = nothing;
  from = 0;
  to = 0;
  /** The text where it is not ASCII. */
  string: string | undefined = undefined;

  /** The text as a string: 100 ns for a short one. */
  toString(): string {
    return this.string ?? this.bytes.toString("latin1", this.from, this.to);
  }
}
