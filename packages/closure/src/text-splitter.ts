import { TextSpan } from "@gloam/common";
import type { Separator } from "./text-use.ts";

// What a program may have replaced, as it was.
const split: unknown = Reflect.get(String.prototype, "split");
const splitByPattern: unknown = Reflect.get(RegExp.prototype, Symbol.split);
const match: unknown = Reflect.get(RegExp.prototype, "exec");

/** What a byte is, by its value. */
const [part, separates, partBeyondAscii, mayBeginSpace] = [0, 1, 2, 3];

/**
 * Goes through what `text.split(separator)` gives, without making the list or its strings. 3 to 5 ns a byte, with words of eight
 * letters. Nothing that it looks for
 * can be found inside another character's bytes, nor in bytes that are no UTF-8.
 */
export class TextSplitter {
  /** The piece at hand, until the next one. */
  readonly piece = new TextSpan();
  readonly #kinds: Uint8Array;
  /** Whether many in a row separate as one does. */
  readonly #runs: boolean;
  /** Where the next piece begins; -1 behind the last. */
  #at = -1;
  #end = 0;

  constructor(separator: Separator) {
    this.#kinds = kindsOf(separator);
    this.#runs = separator.pattern && separator.text.endsWith("+");
  }

  /** Whether `split` is what it was when this program began. */
  static isOriginal(): boolean {
    return (
      String.prototype.split === split &&
      Reflect.get(String.prototype, Symbol.split) === undefined &&
      RegExp.prototype[Symbol.split] === splitByPattern &&
      Reflect.get(RegExp.prototype, "exec") === match
    );
  }

  /** Begins with a text, which has to stay as it is. */
  begin(text: TextSpan): void {
    this.piece.bytes = text.bytes;
    this.#at = text.from;
    this.#end = text.to;
  }

  /** Goes to the next piece; false when there is none. */
  next(): boolean {
    let at = this.#at;
    if (at < 0) return false;
    const { piece } = this;
    const { bytes } = piece;
    const kinds = this.#kinds;
    const end = this.#end;
    piece.from = at;
    piece.ascii = true;
    let width = 0;
    for (; at < end; at++) {
      const kind = kinds[bytes[at]!]!;
      if (kind === part) continue;
      if (kind === separates) {
        width = 1;
        break;
      }
      if (kind === mayBeginSpace && (width = spaceWidth(bytes, at)) > 0) break;
      piece.ascii = false;
    }
    piece.to = at;
    if (at >= end) {
      this.#at = -1;
      return true;
    }
    at += width;
    if (this.#runs) while (at < end && (width = this.#widthAt(at)) > 0) at += width;
    this.#at = at;
    return true;
  }

  /** Bytes of the separator there; 0 when there is none. */
  #widthAt(at: number): number {
    const { bytes } = this.piece;
    const kind = this.#kinds[bytes[at]!];
    return kind === separates ? 1 : kind === mayBeginSpace ? spaceWidth(bytes, at) : 0;
  }
}

function kindsOf({ pattern, text }: Separator): Uint8Array {
  const isSpace = pattern && text.startsWith("\\s");
  const kinds = new Uint8Array(256);
  for (let byte = 0; byte < 128; byte++) {
    const character = String.fromCharCode(byte);
    const matches = pattern ? (isSpace ? /\s/ : /\W/).test(character) : character === text;
    kinds[byte] = matches ? separates : part;
  }
  // Every character beyond ASCII is a \W.
  kinds.fill(pattern && !isSpace ? separates : partBeyondAscii, 128);
  if (isSpace) for (const byte of [0xc2, 0xe1, 0xe2, 0xe3, 0xef]) kinds[byte] = mayBeginSpace;
  return kinds;
}

/** Bytes of the white space beyond ASCII that begins there: one of those that `\s` has; 0 when it is something else. */
function spaceWidth(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0xc2) return bytes[at + 1] === 0xa0 ? 2 : 0;
  switch ((bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!) {
    case 0xe19a80: // U+1680
    case 0xe280a8: // U+2028
    case 0xe280a9:
    case 0xe280af: // U+202F
    case 0xe2819f: // U+205F
    case 0xe38080: // U+3000
    case 0xefbbbf: // U+FEFF
      return 3;
    default:
      // U+2000 to U+200A
      return bytes[at] === 0xe2 && bytes[at + 1] === 0x80 && bytes[at + 2]! >= 0x80 && bytes[at + 2]! <= 0x8a ? 3 : 0;
  }
}
