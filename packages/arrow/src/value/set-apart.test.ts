import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeApart, encodeApart } from "./encode-value.ts";

/** Encodes and decodes; the bytes that were set apart lie in shared memory, from some multiple of 8 on. */
function trip<T>(value: T, before = 24): { readonly value: T; readonly shared: SharedArrayBuffer } {
  const { head, apart } = encodeApart(value);
  const shared = new SharedArrayBuffer(before + apart.byteLength);
  const bytes = new Uint8Array(shared, before);
  apart.writeTo(bytes);
  return { value: decodeApart(head, bytes) as T, shared };
}

/** Whether two arrays hold the same: looking at each number takes the matcher seconds. */
function isSame(left: ArrayBufferView, right: ArrayBufferView): boolean {
  const [one, other] = [left, right].map((view) => Buffer.from(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength)); // prettier-ignore
  return left.constructor === right.constructor && one!.equals(other!);
}

const kinds = [
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array],
];

describe("a value whose large arrays are set apart", () => {
  test.each(kinds)("shares them: %o", (Kind) => {
    const large = Kind.from(Array.from({ length: 20_000 }, (_, index) => index % 100));
    const small = Kind.from([1, 2, 3]);
    const { value, shared } = trip({ name: "model", layers: [large, large.subarray(3, 19_000)], small });
    expect(isSame(value.layers[0]!, large)).toBe(true);
    expect(isSame(value.layers[1]!, large.subarray(3, 19_000))).toBe(true);
    expect(value.layers.map(({ buffer }) => (buffer as unknown) === shared)).toEqual([true, true]);
    expect(value.small).toEqual(small);
    expect((value.small.buffer as unknown) === shared).toBe(false);
  });

  test("may be one itself, a Buffer, a DataView, an array of bigints", () => {
    const bytes = new Uint8Array(50_000).fill(7);
    expect(isSame(trip(bytes).value, bytes)).toBe(true);
    const buffer = Buffer.from(bytes);
    const back = trip(buffer);
    expect(Buffer.isBuffer(back.value) && back.value.equals(buffer)).toBe(true);
    expect((back.value.buffer as unknown) === back.shared).toBe(true);
    expect(trip(new DataView(bytes.buffer)).value.getUint8(49_999)).toBe(7);
    const large = new BigInt64Array(9000).fill(-3n);
    expect(isSame(trip(large).value, large)).toBe(true);
  });

  test("gets a copy of an ArrayBuffer, which shared memory is not", () => {
    const { value } = trip({ raw: new Uint8Array(40_000).fill(1).buffer });
    expect(value.raw).toBeInstanceOf(ArrayBuffer);
    expect(isSame(new Uint8Array(value.raw), new Uint8Array(40_000).fill(1))).toBe(true);
  });

  test("may be a graph that refers to itself", () => {
    interface Node {
      self?: Node;
      readonly data: Float64Array;
    }
    const node: Node = { data: new Float64Array(5000).fill(0.5) };
    node.self = node;
    const { value } = trip({ first: node, second: node });
    expect(value.first.self).toBe(value.first);
    expect(isSame(value.first.data, node.data)).toBe(true);
  });

  test("comes back whatever its arrays' sizes are", () => {
    const size = fc.oneof(fc.nat(40), fc.integer({ min: 16_300, max: 16_500 }));
    fc.assert(
      fc.property(fc.array(size, { maxLength: 5 }), (sizes) => {
        const arrays = sizes.map((length) => Uint8Array.from({ length }, (_, index) => index * length));
        const back = trip(arrays).value;
        expect(back.every((array, index) => isSame(array, arrays[index]!)) && back.length === arrays.length).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test("is refused where something else does not fit its head", () => {
    const { head } = encodeApart(new Uint8Array(20_000));
    expect(() => decodeApart(head, new Uint8Array(19_999))).toThrow("GLOAM_BLOCK_CORRUPT");
    expect(() => encodeApart({ f: () => 1 }, { name: "the value" })).toThrow("the value's f is a function");
  });
});
