import { expect, test } from "vitest";
import { captureFunction } from "./capture-function.ts";
import { onExecutor } from "./on-executor.ts";

const scale = 2;
const sum = (vector: Float64Array) => vector.reduce((total, each) => total + each, 0) * scale;
const bytesOf = (vector: Float64Array) => new Uint8Array(vector.buffer).length;

test("of a function that only reads elements it is known, also through what it captures", () => {
  const keeps = (fn: (vector: Float64Array) => unknown) => captureFunction(fn, { operation: "map" }).keepsToElements;
  expect(keeps((vector) => vector[0])).toBe(true);
  expect(keeps((vector) => sum(vector))).toBe(true);
  expect(keeps((vector) => vector.buffer)).toBe(undefined);
  expect(keeps(({ byteOffset }) => byteOffset)).toBe(undefined);
  expect(keeps((vector) => bytesOf(vector))).toBe(undefined);
  expect(keeps((日本) => 日本["buffer"])).toBe(undefined);
  expect(keeps((vector) => Object.assign(globalThis, { vector }))).toBe(undefined);
  // What lives on where other stages find it, and code whose text nobody sees here.
  const seen = onExecutor((): Float64Array[] => []);
  expect(keeps((vector) => seen().push(vector))).toBe(undefined);
  const helper = onExecutor(() => process.getBuiltinModule("node:module"));
  expect(keeps(() => helper())).toBe(undefined);
  expect(keeps((vector) => process.emit("warning", vector as never))).toBe(undefined);
});
