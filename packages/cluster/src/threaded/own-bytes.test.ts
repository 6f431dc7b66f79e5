import { expect, test } from "vitest";
import { ownBytes } from "./own-bytes.ts";

const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(7);

test.each([
  ["a whole buffer", new Uint8Array(4).fill(7), true],
  ["a part of a buffer", new Uint8Array(9).fill(7).subarray(2, 6), false],
  ["a pooled buffer", Buffer.from([7, 7, 7, 7]), false],
  ["shared memory", shared, false],
  ["nothing", new Uint8Array(), false],
])("%s", (_, bytes, isSame) => {
  const own = ownBytes(bytes);
  expect([...own]).toEqual([...bytes]);
  expect(own.buffer).toBeInstanceOf(ArrayBuffer);
  expect(own.buffer.byteLength).toBe(bytes.length);
  expect(own.buffer === bytes.buffer).toBe(isSame);
});
