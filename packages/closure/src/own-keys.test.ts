import { expect, test } from "vitest";
import { ownKeys } from "./own-keys.ts";

class Curve extends Float32Array {
  name = "curve";
}

const hidden = Object.defineProperty(new Uint16Array(100), "hidden", { value: 1 });
const measured = Object.defineProperty(new Float64Array(100), "length", { value: 1 });

test.each([
  ["Float64Array", new Float64Array(1000)],
  ["Buffer", Buffer.alloc(1000)],
  ["shared memory", new Int8Array(new SharedArrayBuffer(1000), 8)],
  ["without prototype", Object.setPrototypeOf(new Int32Array(1000), null) as object],
])("typed arrays of nothing but elements have no other keys: %s", (_name, value) => {
  expect(ownKeys(value)).toEqual([]);
});

test.each([
  ["of a class", new Curve(100), "name"],
  ["a symbol", Object.assign(new BigInt64Array(100), { [Symbol.for("unit")]: "m" }), Symbol.for("unit")],
  ["hidden", hidden, "hidden"],
  ["over what is inherited", measured, "length"],
  ["of a short array", Object.assign(new Uint8Array(2), { unit: "m" }), "unit"],
])("what is beside the elements is found: %s", (_name, value, key) => {
  expect(ownKeys(value)).toContain(key);
});

test("keys of other objects are all", () => {
  expect(ownKeys({ a: 1, [Symbol.iterator]: 2 })).toEqual(["a", Symbol.iterator]);
  expect(ownKeys([7])).toEqual(["0", "length"]);
});

test("tens of millions of elements are no matter", () => {
  expect(ownKeys(new Int8Array(40_000_000))).toEqual([]);
});
