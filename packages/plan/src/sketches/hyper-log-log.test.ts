import { decodeValue, encodeValue } from "@gloam/arrow";
import { createRandom } from "@gloam/common";
import { describe, expect, test } from "vitest";
import { estimateFromRegisters } from "./estimate-distinct.ts";
import { HyperLogLog } from "./hyper-log-log.ts";

type Keys = (i: number) => unknown;

const kinds: Readonly<Record<string, Keys>> = {
  integers: (i) => i,
  "integers far apart": (i) => i * 1_000_003,
  floats: (i) => i / 7 + 0.1,
  "large numbers": (i) => 2 ** 40 + i * 4096,
  "short texts": (i) => i.toString(36),
  "texts with a common beginning": (i) => `https://example.org/articles/${i}`,
  tuples: (i) => [i % 1000, `t${Math.floor(i / 1000)}`],
  objects: (i) => ({ id: i, kind: "k" }),
  bigints: (i) => BigInt(i) * 2n ** 33n,
  dates: (i) => new Date(1.6e12 + i * 1000),
};

function sketchOf(precision: number, from: number, to: number, keys: Keys): HyperLogLog {
  const sketch = new HyperLogLog(precision);
  for (let i = from; i < to; i++) sketch.add(keys(i));
  return sketch;
}

describe("a HyperLogLog", () => {
  test.each(Object.entries(kinds))("estimates numbers of %s within its error", (_name, keys) => {
    const precision = 11;
    const error = 1.04 / Math.sqrt(2 ** precision);
    const relative: number[] = [];
    // Ten sketches of different keys for each cardinality.
    for (const cardinality of [300, 2000, 10_000, 30_000]) {
      for (let run = 0; run < 10; run++) {
        const from = run * 100_000;
        const estimate = sketchOf(precision, from, from + cardinality, keys).estimate();
        relative.push((estimate - cardinality) / cardinality);
      }
    }
    // Of 40 draws from a normal distribution: none beyond 4 sigma, no bias, the spread that was promised.
    for (const off of relative) expect(Math.abs(off)).toBeLessThan(4 * error);
    const mean = relative.reduce((a, b) => a + b) / relative.length;
    expect(Math.abs(mean)).toBeLessThan((4 * error) / Math.sqrt(relative.length));
    const rootMeanSquare = Math.sqrt(relative.reduce((sum, off) => sum + off * off, 0) / relative.length);
    expect(rootMeanSquare).toBeLessThan(1.35 * error);
  });

  test.each([4, 9, 14, 18])("with precision %i has the error that it promises, everywhere", (precision) => {
    const size = 2 ** precision;
    const error = 1.04 / Math.sqrt(size);
    const runs = precision < 10 ? 60 : 8;
    // Around the change from keys one by one to registers, and where linear counting gives way elsewhere.
    for (const cardinality of [size / 8, size / 8 + 1, size, 2.5 * size, 5 * size].map(Math.floor)) {
      let squares = 0;
      for (let run = 0; run < runs; run++) {
        const from = run * 10_000_000;
        squares += (sketchOf(precision, from, from + cardinality, (i) => i).estimate() / cardinality - 1) ** 2;
      }
      // The root of a mean of 60 or 8 squares.
      expect(Math.sqrt(squares / runs)).toBeLessThan((precision < 10 ? 1.4 : 1.9) * error);
    }
  });

  test("counts few keys exactly or nearly so", () => {
    for (const cardinality of [0, 1, 2, 10, 100]) {
      expect(sketchOf(11, 0, cardinality, (i) => `key ${i}`).estimate()).toBe(cardinality);
      expect(sketchOf(11, 0, 3 * cardinality, (i) => `key ${i % Math.max(1, cardinality)}`).estimate()).toBe(
        cardinality,
      );
    }
    expect(Math.abs(sketchOf(18, 0, 30_000, (i) => i).estimate() - 30_000)).toBeLessThan(60);
  });

  test("of a million keys and more", () => {
    const sketch = sketchOf(14, 0, 2_000_000, (i) => i + 0.5);
    expect(Math.abs(sketch.estimate() / 2_000_000 - 1)).toBeLessThan((4 * 1.04) / 128);
  });

  test("merges in any order to the same, as if it had seen everything", () => {
    const random = createRandom(3);
    for (const [precision, cardinality] of [
      [5, 10],
      [9, 40],
      [9, 5000],
      [12, 700],
      [14, 100_000],
    ] as const) {
      const parts = Array.from({ length: 7 }, () => new HyperLogLog(precision));
      for (let i = 0; i < cardinality; i++)
        for (let copies = 1 + random.nextInt(2); copies > 0; copies--) parts[random.nextInt(7)]!.add(`key ${i}`);
      const whole = sketchOf(precision, 0, cardinality, (i) => `key ${i}`);
      for (let run = 0; run < 5; run++) {
        const rest = parts.map((part) => HyperLogLog.fromBytes(part.toBytes()));
        while (rest.length > 1) {
          const [into] = rest.splice(random.nextInt(rest.length), 1);
          into!.merge(rest.splice(random.nextInt(rest.length), 1)[0]!);
          rest.push(into!);
        }
        expect(rest[0]!.toBytes()).toEqual(whole.toBytes());
        expect(rest[0]!.estimate()).toBe(whole.estimate());
      }
    }
  });

  test("travels", () => {
    for (const cardinality of [0, 3, 10_000]) {
      const sketch = sketchOf(10, 0, cardinality, (i) => i);
      const again = decodeValue(encodeValue({ sketch })) as { readonly sketch: HyperLogLog };
      expect(again.sketch).toBeInstanceOf(HyperLogLog);
      expect(again.sketch.toBytes()).toEqual(sketch.toBytes());
      for (let i = 0; i < 5000; i++) again.sketch.add(`more ${i}`);
      expect(again.sketch.estimate()).toBeGreaterThan(sketch.estimate());
    }
  });

  test("refuses what is no key", () => {
    expect(() => new HyperLogLog(9).add(new Map())).toThrow("GLOAM_KEY_UNSUPPORTED");
  });
});

test("registers of any number of keys, up to more than there can be, give a number", () => {
  expect(estimateFromRegisters(new Uint8Array(16), 4)).toBe(0);
  // All registers alike: as many keys as make that rank likely, a power of two for each.
  for (const rank of [5, 20, 40, 53]) {
    const estimate = estimateFromRegisters(new Uint8Array(1024).fill(rank), 10);
    expect(Math.log2(estimate / 1024) - rank).toBeGreaterThan(-1);
    expect(Math.log2(estimate / 1024) - rank).toBeLessThan(0.5);
  }
  expect(estimateFromRegisters(new Uint8Array(16).fill(61), 4)).toBe(Infinity);
});
