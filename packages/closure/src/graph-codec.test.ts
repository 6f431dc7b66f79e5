import fc from "fast-check";
import { isGloamError } from "@gloam/common";
import { describe, expect, test } from "vitest";
import { captureFunction } from "./capture-function.ts";
import { decodeGraph } from "./decode-graph.ts";
import { formatMagic, formatVersion } from "./graph-tags.ts";
import { encodeGraph } from "./encode-graph.ts";
import { loadFunctions } from "./load-functions.ts";

const options = { operation: "map" };

/** Any value that may be captured, shared and cyclic parts included. */
const values: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(undefined, null, true, false, -0, Number.NaN, Infinity, Symbol.iterator, Symbol.for("x")),
    fc.double(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.bigInt(),
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom("\ud800", "\udc00", "a") }),
    fc.date({ noInvalidDate: false }),
    fc.uint8Array(),
    fc.float64Array(),
    fc.bigInt64Array(),
    fc.array(fc.double(), { minLength: 16, maxLength: 40 }),
    fc.sparseArray(tie("value"), { maxLength: 8 }),
    fc.array(tie("value"), { maxLength: 6 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant("__proto__")), tie("value"), { maxKeys: 6 }),
    fc.uniqueArray(tie("value"), { maxLength: 5 }).map((items) => new Set(items)),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 5 }).map((entries) => new Map(entries)),
    tie("value").map((shared) => ({ shared, list: [shared, shared] })),
    tie("value").map((inner) => {
      const cyclic: { inner: unknown; self?: unknown } = { inner };
      cyclic.self = cyclic;
      return cyclic;
    }),
    fc.string().map((message) => new RangeError(message)),
  ),
})).value;

describe("captured values", () => {
  test("come back equal and apart", async () => {
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const factory = await loadFunctions([captureFunction(() => value, options)]);
        const [first] = factory.instantiate();
        const [second] = factory.instantiate();
        expect(first?.()).toStrictEqual(value);
        expect(second?.()).toStrictEqual(value);
        if (typeof value === "object" && value !== null) {
          expect(first?.()).not.toBe(value);
          expect(first?.()).not.toBe(second?.());
        }
      }),
      { numRuns: 300 },
    );
  });

  test("are the same bytes when encoded again", () => {
    fc.assert(
      fc.property(values, (value) => {
        const { bytes } = captureFunction(() => value, options);
        const graph = decodeGraph(bytes, () => undefined);
        expect(encodeGraph(graph, []).bytes).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });
});

describe("damaged bytes", () => {
  test("give a coded error or another graph, and never hang or allocate without bound", () => {
    const table = new Map([["a", [1, 2n, { b: /x/g }]]]);
    const { bytes } = captureFunction((key: string) => table.get(key), options);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (at, byte, length) => {
        const damaged = bytes.slice(0, length);
        damaged[at % Math.max(1, length)] = byte;
        try {
          decodeGraph(damaged, () => undefined);
        } catch (error) {
          expect(isGloamError(error) || error instanceof SyntaxError).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("of a huge count are refused at once", () => {
    const head = [formatMagic, formatVersion, 0];
    expect(() => decodeGraph(Uint8Array.from([...head, 0xff, 0xff, 0xff, 0xff, 0x7f]), () => undefined)).toThrow(
      /count is larger/,
    );
  });
});
