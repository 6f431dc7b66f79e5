import type { Rdd } from "gloam";
import { describe, expect, expectTypeOf, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, grouped, numbers } from "./sequences.ts";

const classes = {
  Int8Array: (i: number) => Int8Array.of(i % 100, -1),
  Uint8ClampedArray: (i: number) => Uint8ClampedArray.of(i % 100, 255),
  Int16Array: (i: number) => Int16Array.of(i, -i, 7),
  Uint16Array: (i: number) => Uint16Array.of(i, 65_535),
  Int32Array: (i: number) => new Int32Array(i % 40).fill(i),
  Uint32Array: (i: number) => Uint32Array.of(i, 2 ** 32 - 1),
  Float32Array: (i: number) => Float32Array.of(i / 4, -0, NaN),
  Float64Array: (i: number) => Float64Array.from({ length: 10 }, (_, k) => i + k / 4),
  BigInt64Array: (i: number) => BigInt64Array.of(BigInt(i), -1n),
  BigUint64Array: (i: number) => BigUint64Array.of(BigInt(i), 2n ** 64n - 1n),
  Uint8Array: (i: number) => Uint8Array.of(i % 100, 255),
} as const;

/** Sorted pairs, as lists that tell classes and bits apart. */
function seen(pairs: readonly (readonly [number, unknown])[]): unknown[] {
  return canonical(pairs.map(([key, value]) => [key, shown(value)]));
}

function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (!ArrayBuffer.isView(value)) return value;
  return [value.constructor.name, Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")];
}

onEveryMaster("typed arrays", (gc) => {
  describe.each(Object.entries(classes))("%s", (_, make) => {
    const pairs = numbers(300).map((i): [number, ReturnType<typeof make>] => [i % 20, make(i)]);
    const rdd = () => gc().parallelize(pairs, 3);

    test("collect, filter and cache", async () => {
      const values = pairs.map(([, value]) => value);
      const cached = rdd().values().cache();
      for (let round = 0; round < 3; round++) {
        expect(shown(await cached.collect())).toEqual(shown(values));
        expect(await cached.map((value) => value.length).collect()).toEqual(values.map(({ length }) => length));
      }
      expect(shown(await cached.filter((value) => value.length > 2).collect())).toEqual(
        shown(values.filter(({ length }) => length > 2)),
      );
    });

    test("shuffles", async () => {
      expect(seen(await rdd().partitionBy(4).collect())).toEqual(seen(pairs));
      const groups = [...grouped(pairs)].map(([key, values]): [number, unknown] => [key, values]);
      expect(seen(await rdd().groupByKey(4).collect())).toEqual(seen(groups));
      const byKey = pairs.toSorted(([a], [b]) => a - b).map(([, value]) => value);
      expect(shown(await rdd().sortByKey().values().collect())).toEqual(shown(byKey));
      const longest = await rdd().reduceByKey((a, b) => (b.length > a.length ? b : a)).collect(); // prettier-ignore
      const expected = groups.map(([key, values]): [number, unknown] => {
        return [key, (values as { length: number }[]).reduce((a, b) => (b.length > a.length ? b : a))];
      });
      expect(seen(longest)).toEqual(seen(expected));
    });

    test("joins", async () => {
      const few = pairs.slice(0, 30);
      const joined = await gc().parallelize(few, 2).join(rdd(), 3).collect();
      const expected = few.flatMap(([key, a]) =>
        pairs.filter(([other]) => other === key).map(([, b]): [number, unknown] => [key, [a, b]]),
      );
      expect(seen(joined)).toEqual(seen(expected));
    });
  });

  test("sums of vectors by key, added up in place", async () => {
    const points = gc().range(3000, { partitions: 4 }).map((i) => Float64Array.from({ length: 10 }, (_, k) => i * k)).cache(); // prettier-ignore
    expectTypeOf(points).toEqualTypeOf<Rdd<Float64Array<ArrayBuffer>>>();
    const sums = points
      .map((point): [number, Float64Array] => [point[1]! % 7, point])
      .reduceByKey((a, b) => {
        for (let k = 0; k < a.length; k++) a[k]! += b[k]!;
        return a;
      });
    const expected = numbers(7).map((key) => {
      const sum = numbers(3000).filter((i) => i % 7 === key).reduce((a, b) => a + b, 0); // prettier-ignore
      return [key, Float64Array.from({ length: 10 }, (_, k) => sum * k)];
    });
    for (let round = 0; round < 3; round++) expect(canonical(await sums.collect())).toEqual(canonical(expected));
  });

  test("who changes an element changes nothing that is cached", async () => {
    const cached = gc().range(500, { partitions: 2 }).map((i) => new Float64Array(20).fill(i)).cache(); // prettier-ignore
    const first = () => cached.map((vector) => vector[0]!).collect();
    for (let round = 0; round < 3; round++) {
      expect(await first()).toEqual(numbers(500));
      const changed = cached.map((vector) => vector.fill(-1)[19]!);
      expect(await changed.sum()).toBe(-500);
      const erased = cached.map((vector) => new Uint8Array(vector.buffer).fill(0).length);
      expect(await erased.sum()).toBe(500 * 160);
    }
    expect(await first()).toEqual(numbers(500));
  });

  test("an array's buffer is its own for who asks for it", async () => {
    const cached = gc().range(500, { partitions: 2 }).map((i) => new Float64Array(20).fill(i)).cache(); // prettier-ignore
    await cached.count();
    const bytes = await cached.map((vector) => new Float64Array(vector.buffer).join()).collect(); // prettier-ignore
    expect(bytes).toEqual(numbers(500).map((i) => new Float64Array(20).fill(i).join()));
  });

  test("an array that stays beside what is no column, kept by another cache", async () => {
    const cached = gc().range(300, { partitions: 2 }).map((i) => new Float64Array(20).fill(i)).cache(); // prettier-ignore
    await cached.count();
    const maps = cached.map((vector) => new Map([["vector", vector]])).cache();
    await maps.count();
    const lengths = await maps.map((map) => map.get("vector")!.buffer.byteLength).collect(); // prettier-ignore
    expect(new Set(lengths)).toEqual(new Set([160]));
  });
});
