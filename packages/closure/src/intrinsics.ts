import { Buffer } from "node:buffer";
import { TextSpan } from "@gloam/common";
import { arrayMapperSource } from "./array-mapper.ts";
import { remainderSource } from "./remainder.ts";

/** What `intrinsics` and `ownIntrinsics` hold. */
export type IntrinsicName = keyof typeof intrinsics | keyof typeof ownIntrinsics;

/** Names in the order of their numbers in encoded graphs. Append only. */
export const intrinsicOrder = [
  "splitText",
  "splitNumbers",
  "mapArray",
  "remainder",
] as const satisfies readonly IntrinsicName[];

/** Quicker ways for idioms of user functions, see `findIdioms`. Each gives what the expression that it replaces gives. */
export const intrinsics = { splitText, splitNumbers };

/** The same for those that each function has a copy of its own of: their sources. */
export const ownIntrinsics = { mapArray: arrayMapperSource, remainder: remainderSource };

type Splittable = { split(separator: string): { map(convert: unknown): unknown } };

// What a program may have replaced, as it was.
const split: unknown = Reflect.get(String.prototype, "split");
const map: unknown = Reflect.get(Array.prototype, "map");
const { Number: toNumber, parseFloat: toFloat } = globalThis;

/** `text.split(separator)` for a separator of one UTF-16 unit. */
function splitText(text: unknown, separator: string): unknown {
  if (typeof text !== "string" || String.prototype.split !== split) return (text as Splittable).split(separator);
  const pieces: string[] = [];
  let from = 0;
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
    pieces.push(text.substring(from, at));
    from = at + 1;
  }
  pieces.push(text.substring(from));
  return pieces;
}

/**
 * `text.split(separator).map(convert)` where `convert` is `Number` or `parseFloat`.
 *
 * Plain decimals are read from the text's bytes: up to 15 digits are a whole number below 2^53, and its quotient by a power of ten up
 * to 10^22 is the nearest float (Clinger, How to read floating point numbers accurately, 1990). Everything else is converted piece by
 * piece. The text may be a `TextSpan`. 15 to 25 ns a number where V8 takes 150.
 *
 * @param convert What the user maps: the conversion itself, or an arrow function around it.
 * @param conversion The conversion in that arrow function; 0 for unary plus.
 */
function splitNumbers(text: unknown, separator: string, convert: unknown, conversion: unknown = convert): unknown {
  const isBuiltIn = conversion === toNumber || conversion === toFloat || conversion === 0;
  const code = separator.charCodeAt(0);
  if (isBuiltIn && mayEndNumber(code) && String.prototype.split === split && Array.prototype.map === map) {
    const isFloat = conversion === toFloat;
    if (typeof text === "string") {
      const { length } = text;
      const { read, written } = encoder.encodeInto(text, textBytes);
      // As many bytes as units: every unit is ASCII, and there was room for them.
      if (read === length && written === length) return readNumbers(bytes, 0, length, code, isFloat);
    } else if (text instanceof TextSpan) {
      return readNumbers(text.bytes, text.from, text.to, code, isFloat);
    }
  }
  return (text instanceof TextSpan ? text.toString() : (text as Splittable)).split(separator).map(convert as never);
}

/** Whether `text.split(character)`, `map`, `Number` and `parseFloat` do what they did when this program began. */
export function readsNumbersAsBuilt(): boolean {
  return (
    String.prototype.split === split &&
    Reflect.get(String.prototype, Symbol.split) === undefined &&
    Array.prototype.map === map &&
    globalThis.Number === toNumber &&
    globalThis.parseFloat === toFloat
  );
}

/** The numbers in the UTF-8 bytes `from .. to`, behind which there is one more, with `code` between them. */
function readNumbers(bytes: Buffer, begin: number, to: number, code: number, isFloat: boolean): number[] {
  const numbers: number[] = [];
  const behind = bytes[to]!;
  bytes[to] = code;
  const end = code - zero;
  for (let from = begin, at = begin; ; from = ++at) {
    // Not a branch: signs of real data are as good as random, and each one guessed wrong costs as much as four digits.
    const negative = ((bytes[at]! ^ minus) - 1) >>> 31;
    const first = at + negative;
    at = first;
    let digits = 0;
    let digit = bytes[at]! - zero;
    while (digit >>> 0 <= 9) {
      digits = (Math.imul(digits, 10) + digit) | 0;
      digit = bytes[++at]! - zero;
    }
    let count = at - first;
    let scale = 0;
    if (digit === point - zero) {
      const fraction = ++at;
      digit = bytes[at]! - zero;
      while (digit >>> 0 <= 9) {
        digits = (Math.imul(digits, 10) + digit) | 0;
        digit = bytes[++at]! - zero;
      }
      scale = at - fraction;
      count += scale;
    }
    if (digit === end && count > 0 && count <= mostDigits) {
      const whole = count <= mostIntegerDigits ? digits : wholeNumber(bytes, first, at);
      numbers.push(whole / signedPowers[scale + (negative << 4)]!);
    } else {
      at = bytes.indexOf(code, from);
      const piece = bytes.toString("utf8", from, at);
      numbers.push(isFloat ? toFloat(piece) : toNumber(piece));
    }
    if (at >= to) break;
  }
  bytes[to] = behind;
  return numbers;
}

/** The digits `from .. to` of `bytes` as a whole number, whatever else is there; up to `mostDigits` of them. */
function wholeNumber(bytes: Buffer, from: number, to: number): number {
  let high = 0;
  let low = 0;
  let power = 1;
  for (let at = from, seen = 0; at < to; at++) {
    const digit = bytes[at]! - zero;
    if (digit >>> 0 > 9) continue;
    if (seen++ < mostIntegerDigits) {
      high = (Math.imul(high, 10) + digit) | 0;
    } else {
      low = (Math.imul(low, 10) + digit) | 0;
      power *= 10;
    }
  }
  return high * power + low;
}

const [minus, point, zero] = [45, 46, 48];
/** As many digits are a number of 32 bits. */
const mostIntegerDigits = 9;
/** Digits of numbers that are read here. */
const mostDigits = 15;
/** Powers of ten, and from 16 on the same with a minus. */
const signedPowers = Float64Array.from({ length: 32 }, (_, at) => Number(`${at < 16 ? "" : "-"}1e${at % 16}`));

/** Whether a separator can stand behind a number without being taken for a part of it. */
export function mayEndNumber(code: number): boolean {
  return code < 128 && code !== minus && code !== point && !(code >= zero && code <= zero + 9);
}

const encoder = new TextEncoder();
/** Longer texts are left to V8. One byte is for the separator behind the text. */
const bytes = Buffer.alloc(16 * 1024 + 1);
const textBytes = bytes.subarray(0, -1);
