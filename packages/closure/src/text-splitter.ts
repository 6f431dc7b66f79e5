import { TextSpan } from "@gloam/common";
import type { Separator } from "./text-use.ts";

// What a program may have replaced, as it was.
const split: unknown = Reflect.get(String.prototype, "split");
const splitByPattern: unknown = Reflect.get(RegExp.prototype, Symbol.split);
const match: unknown = Reflect.get(RegExp.prototype, "exec");

/** Characters that patterns match, of those that are ASCII. */
const classes: Readonly<Record<string, RegExp>> = { s: /\s/, W: /\W/ };

/**
 * Goes through what `text.split(separator)` gives, without making the list or its strings. 1 to 2 ns a byte.
 */
export class TextSplitter {
  /** The piece at hand, until the next one. */
  readonly piece = new TextSpan();
  /** By byte, whether it separates. */
  readonly #separates = new Uint8Array(256);
  /** Whether many in a row separate as one does. */
  readonly #runs: boolean;
  readonly #separator: string | RegExp;
  /** Where the next piece begins; -1 behind the last. */
  #at = -1;
  #end = 0;
  /** The pieces of a text that is not ASCII. */
  #strings: readonly string[] | undefined;

  constructor({ pattern, text }: Separator) {
    this.#separator = pattern ? new RegExp(text) : text;
    this.#runs = pattern && text.endsWith("+");
    const matches = pattern ? (classes[text[1]!] as RegExp) : undefined;
    for (let byte = 0; byte < 128; byte++) {
      const character = String.fromCharCode(byte);
      this.#separates[byte] = (matches?.test(character) ?? character === text) ? 1 : 0;
    }
  }

  /** Whether `split` is what it was when this program began. */
  static isOriginal(): boolean {
    return (
      String.prototype.split === split &&
      RegExp.prototype[Symbol.split] === splitByPattern &&
      Reflect.get(RegExp.prototype, "exec") === match
    );
  }

  /** Begins with a text, which has to stay as it is. */
  begin(text: TextSpan): void {
    if (text.string !== undefined) return this.#beginString(text.string);
    this.piece.bytes = text.bytes;
    this.piece.string = undefined;
    this.#strings = undefined;
    this.#at = text.from;
    this.#end = text.to;
  }

  /** Goes to the next piece; false when there is none. */
  next(): boolean {
    const { piece } = this;
    const end = this.#end;
    let at = this.#at;
    if (this.#strings !== undefined) return this.#nextString(this.#strings);
    if (at < 0) return false;
    const separates = this.#separates;
    const { bytes } = piece;
    piece.from = at;
    while (at < end && separates[bytes[at]!] === 0) at++;
    piece.to = at;
    if (at >= end) {
      this.#at = -1;
      return true;
    }
    at++;
    if (this.#runs) while (at < end && separates[bytes[at]!] === 1) at++;
    this.#at = at;
    return true;
  }

  #beginString(text: string): void {
    this.#strings = text.split(this.#separator);
    this.#at = 0;
  }

  #nextString(strings: readonly string[]): boolean {
    if (this.#at >= strings.length) return false;
    this.piece.string = strings[this.#at++];
    return true;
  }
}
