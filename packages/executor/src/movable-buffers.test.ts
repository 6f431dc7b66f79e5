import { expect, test } from "vitest";
import { movableBuffers } from "./movable-buffers.ts";

test("only large results that are whole buffers are moved", () => {
  const large = new Uint8Array(1 << 20);
  expect(movableBuffers(large)).toEqual([large.buffer]);
  expect(movableBuffers(new Uint8Array(large.length - 1))).toEqual([]);
  expect(movableBuffers(new Uint8Array(2 << 20).subarray(0, large.length))).toEqual([]);
  expect(movableBuffers(new Uint8Array(new SharedArrayBuffer(large.length)))).toEqual([]);
});
