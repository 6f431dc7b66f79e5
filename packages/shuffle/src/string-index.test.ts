import { hashString } from "@gloam/plan";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PackedStrings, unpackString } from "./packed-strings.ts";
import { StringIndex } from "./string-index.ts";

/** Strings that lie in slots and others, many of them alike but for their length or a zero unit. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom("\0", "a"), maxLength: 14 }),
  fc.string({ unit: fc.constantFrom("\0", "a", "b", "\x7f", "\x80", "\xff"), maxLength: 14 }),
  fc.string({ unit: fc.constantFrom("\0", "a", "\xff", "\u0100", "\u0161", "\uffff"), maxLength: 14 }),
  fc.nat(40).map((length) => "x".repeat(length)),
  fc.constantFrom("", "\0", "\0\0", "日本", "🙂", "\ud800", "x".repeat(3000)),
);

function packed(texts: readonly string[]): PackedStrings {
  const strings = new PackedStrings(texts.length);
  texts.forEach((each, at) => strings.put(at, each));
  return strings;
}

const everyRow = (length: number) => Int32Array.from({ length }, (_, row) => row);

/** Finds the ids of all strings, and grows as its users do. */
function findAll(index: StringIndex, strings: PackedStrings, rows: Int32Array): Int32Array {
  const ids = new Int32Array(rows.length);
  for (let at = 0; (at = index.find(strings, rows, at, rows.length, ids)) < rows.length;) {
    const before = index.bytes;
    const growth = index.growthBytes();
    const capacity = index.nextCapacity;
    index.grow();
    expect(index.capacity).toBe(capacity);
    expect(index.bytes).toBeGreaterThan(before);
    expect(growth).toBeLessThanOrEqual(index.bytes);
    expect(index.bytes).toBeLessThanOrEqual(before + growth);
  }
  return ids;
}

/** The ids that a Map gives. */
function model(texts: readonly string[], known: Map<string, number>): number[] {
  return texts.map((each) => {
    const id = known.get(each) ?? known.size;
    known.set(each, id);
    return id;
  });
}

function textsOf(index: StringIndex): string[] {
  const { words, starts, lengths } = index.strings();
  return Array.from({ length: index.count }, (_, id) => unpackString(words, starts[id]!, lengths[id]!));
}

describe("StringIndex", () => {
  test("numbers strings as a Map would", () => {
    fc.assert(
      fc.property(fc.array(fc.array(text, { maxLength: 150 }), { maxLength: 4 }), fc.array(text), (blocks, others) => {
        const index = new StringIndex();
        const known = new Map<string, number>();
        for (const texts of blocks) {
          const ids = findAll(index, packed(texts), everyRow(texts.length));
          expect([...ids]).toEqual(model(texts, known));
        }
        expect(index.count).toBe(known.size);
        expect(textsOf(index)).toEqual([...known.keys()]);
        expect([...index.hashes()]).toEqual([...known.keys()].map(hashString));
        const ids = new Int32Array(others.length);
        index.lookUp(packed(others), everyRow(others.length), others.length, ids);
        expect([...ids]).toEqual(others.map((each) => known.get(each) ?? -1));
      }),
    );
  });

  test("keeps apart what is packed alike", () => {
    const texts = ["ab", "a\0b", "ba", "\0ab", "ab\0", "a\u0100", "a\0\x01", "aa", "\u6161", "aaa", "\u6161a", ""];
    expect([...findAll(new StringIndex(), packed(texts), everyRow(texts.length))]).toEqual(texts.map((_, id) => id));
  });

  test("tells strings of the same hash apart", () => {
    const texts = ["short", "also", "long: 13 and more", "two-byte \u0100", "another long string", "short"];
    const strings = packed(texts);
    strings.hashes.fill(7);
    const index = new StringIndex();
    expect([...findAll(index, strings, everyRow(texts.length))]).toEqual([0, 1, 2, 3, 4, 0]);
    expect(textsOf(index)).toEqual(texts.slice(0, -1));
  });

  test("takes its own strings back, in any order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 100 }), (texts) => {
        const whole = new StringIndex();
        whole.load(packed(texts), everyRow(texts.length), 0, texts.length);
        const rows = everyRow(texts.length).reverse();
        const part = new StringIndex();
        part.load({ ...whole.strings(), hashes: whole.hashes() }, rows, 0, rows.length);
        expect(textsOf(part)).toEqual(texts.toReversed());
      }),
    );
  });
});
