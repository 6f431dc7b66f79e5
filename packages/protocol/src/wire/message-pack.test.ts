import fc from "fast-check";
import { expect, test } from "vitest";
import { packMessage, unpackMessage } from "./message-pack.ts";
import { checkBounds, controlBounds } from "./message-pack-bounds.ts";

const invalid = expect.objectContaining({ code: "GLOAM_FRAME_INVALID" }) as Error;

const message = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.maxSafeInteger(),
    fc.string({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(fc.string({ maxLength: 5 }), tie("value"), { noNullPrototype: true }),
  ),
})).value;

test("what is unpacked is what was packed", () => {
  fc.assert(
    fc.property(message, (value) => {
      expect(unpackMessage(packMessage(value), controlBounds)).toEqual(value);
    }),
    { numRuns: 2000 },
  );
});

test("any bytes are read, or refused with a code", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      try {
        unpackMessage(bytes, controlBounds);
      } catch (error) {
        expect(error).toMatchObject({ code: "GLOAM_FRAME_INVALID" });
      }
    }),
    { numRuns: 20_000 },
  );
});

test("changed messages are read, or refused with a code", () => {
  fc.assert(
    fc.property(message, fc.nat(), fc.nat(255), (value, at, byte) => {
      const bytes = Uint8Array.from(packMessage(value));
      bytes[at % bytes.length] = byte;
      try {
        unpackMessage(bytes, controlBounds);
      } catch (error) {
        expect(error).toMatchObject({ code: "GLOAM_FRAME_INVALID" });
      }
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  ["an array of four billion values", [0xdd, 0xff, 0xff, 0xff, 0xff]],
  ["a map of four billion entries", [0xdf, 0xff, 0xff, 0xff, 0xff]],
  ["bytes that are not there", [0xc6, 0x7f, 0xff, 0xff, 0xff, 1]],
  ["a string that is not there", [0xdb, 0x00, 0x00, 0x00, 0x05, 65]],
  ["a 64-bit integer", [0xd3, 0, 0, 0, 0, 0, 0, 0, 1]],
  ["an extension", [0xd4, 0x00, 0x00]],
  ["the unused code", [0xc1]],
  ["a number cut off", [0xcb, 1, 2]],
  ["nothing", []],
  ["two values", [1, 2]],
])("%s is refused", (_what, bytes) => {
  expect(() => unpackMessage(Uint8Array.from(bytes), controlBounds)).toThrow(invalid);
});

test("depth and number of values have limits", () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
  checkBounds(packMessage(nested(3)), { depth: 3, values: 10 });
  expect(() => checkBounds(packMessage(nested(4)), { depth: 3, values: 10 })).toThrow(invalid);
  checkBounds(packMessage([1, 2, 3]), { depth: 3, values: 4 });
  expect(() => checkBounds(packMessage([1, 2, 3]), { depth: 3, values: 3 })).toThrow(invalid);
});

test("a key that names the prototype changes no prototype", () => {
  const bytes = Uint8Array.from([0x81, 0xa9, ...Buffer.from("__proto__"), 0x81, 0xa1, 0x61, 0x01]);
  const value = unpackMessage(bytes, controlBounds) as Record<string, unknown>;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(value["a"]).toBeUndefined();
});

test("properties that are undefined are left out", () => {
  const value = unpackMessage(packMessage({ a: undefined, b: 1, c: { d: undefined } }), controlBounds);
  expect(value).toStrictEqual({ b: 1, c: {} });
});
