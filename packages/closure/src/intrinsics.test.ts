import { Buffer } from "node:buffer";
import { TextSpan } from "@gloam/common";
import fastCheck from "fast-check";
import { describe, expect, test } from "vitest";
import { intrinsics } from "./intrinsics.ts";

const { splitText, splitNumbers } = intrinsics;

const numberText = fastCheck.oneof(
  fastCheck.double().map(String),
  fastCheck.integer().map(String),
  fastCheck.float({ noDefaultInfinity: true, noNaN: true }).map((value) => value.toFixed(4)),
  fastCheck.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
  fastCheck.stringMatching(/^[-+ ]?[0-9]{0,17}[.]?[0-9]{0,17}(e[0-9])?[ x]?$/),
  fastCheck.constantFrom(
    "",
    "-",
    ".",
    "-.",
    "5.",
    ".5",
    "-0",
    "--1",
    "1.2.3",
    "0x10",
    "Infinity",
    "NaN",
    "é",
    "１",
    "\u00a01",
  ),
);
const separator = fastCheck.constantFrom(",", ";", " ", "\t", ".", "-", "1", "e", "é", "Ĭ");

/** A text in the middle of a buffer, as readers give it. */
function spanOf(text: string): TextSpan {
  const span = new TextSpan();
  span.bytes = Buffer.from(`12${text},34`);
  span.from = 2;
  span.to = span.bytes.length - 3;
  span.ascii = false;
  return span;
}

describe("split", () => {
  test("gives what String.prototype.split gives", () => {
    fastCheck.assert(
      fastCheck.property(
        fastCheck.string({ unit: fastCheck.constantFrom("a", ",", "é", "\ud83d\ude00", " ") }),
        separator,
        (text, by) => {
          expect(splitText(text, by)).toEqual(text.split(by));
        },
      ),
    );
    for (const by of ["\ud83d", "\ude00"]) expect(splitText("a\ud83d\ude00b", by)).toEqual("a\ud83d\ude00b".split(by));
  });

  test("calls the method of what is no string", () => {
    expect(splitText({ split: (by: string) => [by, 1] }, ",")).toEqual([",", 1]);
    expect(() => splitText(undefined, ",")).toThrow("Cannot read properties of undefined (reading 'split')");
  });
});

describe("split into numbers", () => {
  test("gives what split and map give", () => {
    fastCheck.assert(
      fastCheck.property(fastCheck.array(numberText), separator, (pieces, by) => {
        const text = pieces.join(by);
        expect(splitNumbers(text, by, Number)).toEqual(text.split(by).map(Number));
        expect(splitNumbers(spanOf(text), by, Number)).toEqual(text.split(by).map(Number));
        expect(splitNumbers(spanOf(text), by, parseFloat)).toEqual(text.split(by).map(parseFloat));
        expect(splitNumbers(text, by, (piece: string) => +piece, 0)).toEqual(text.split(by).map(Number));
        expect(splitNumbers(text, by, parseFloat)).toEqual(text.split(by).map(parseFloat));
      }),
      { numRuns: 1000 },
    );
  });

  test("reads every short decimal as the nearest float", () => {
    for (let value = -2000; value < 2000; value++) {
      for (const text of [`${value / 1000}`, (value / 7).toFixed(9), `${value}.${Math.abs(value)}`]) {
        expect(splitNumbers(text, ",", Number)).toEqual([Number(text)]);
      }
    }
  });

  test("reads up to fifteen digits, with the point anywhere, as the nearest float", () => {
    const digits = fastCheck.stringMatching(/^[0-9]{1,17}$/);
    fastCheck.assert(
      fastCheck.property(digits, fastCheck.nat(17), fastCheck.boolean(), (text, point, negative) => {
        const number = `${negative ? "-" : ""}${text.slice(0, point)}.${text.slice(point)}`;
        expect(splitNumbers(number, ",", Number)).toEqual([Number(number)]);
      }),
      { numRuns: 2000 },
    );
  });

  test("handles texts that are longer than its buffer", () => {
    const text = Array.from({ length: 20_000 }, (_, value) => value / 4).join();
    expect(splitNumbers(text, ",", Number)).toEqual(text.split(",").map(Number));
    expect(splitNumbers("1,2", ",", Number)).toEqual([1, 2]);
  });

  test("maps with what only looks like a conversion", () => {
    const double = (piece: string): number => Number(piece) * 2;
    expect(splitNumbers("1,2", ",", double)).toEqual([2, 4]);
    expect(splitNumbers("1,2", ",", double, double)).toEqual([2, 4]);
    expect(splitNumbers({ split: () => ["3"] }, ",", Number)).toEqual([3]);
  });
});
