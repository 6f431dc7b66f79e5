import fc from "fast-check";
import { type Broadcast } from "gloam";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";

onEveryMaster("broadcasts", (gc) => {
  test("functions and the driver read the value", async () => {
    const names = gc().broadcast(new Map([[1, { name: "one" }], [2, { name: "two" }]])); // prettier-ignore
    expect(names.value.get(2)).toEqual({ name: "two" });
    const found = await gc().parallelize([2, 1, 2, 3], 4).map((key) => names.value.get(key)?.name).collect(); // prettier-ignore
    expect(found).toEqual(["two", "one", "two", undefined]);
    names.destroy();
  });

  test("any plain value arrives as it was when it was broadcast", async () => {
    const value = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true }); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(value, async (original) => {
        const broadcast = gc().broadcast(original);
        const [there] = await gc().range(1).map(() => [broadcast.value]).collect(); // prettier-ignore
        broadcast.destroy();
        expect(there).toEqual([original]);
      }),
      { numRuns: 25 },
    );
    const list = [1, 2];
    const changing = gc().broadcast(list);
    list.push(3);
    expect(await gc().range(1).map(() => changing.value.length).collect()).toEqual([2]); // prettier-ignore
  });

  test.each([0, 1, 100, 16_384, 1_000_000])("typed arrays of %i numbers are read in place", async (length) => {
    const numbers = gc().broadcast({ numbers: Float64Array.from({ length }, (_, i) => i / 2), note: "halves" });
    const sums = await gc()
      .range(0, 6, { partitions: 6 })
      .map(() => {
        const { numbers: there } = numbers.value;
        return [there.length, there.reduce((a, b) => a + b, 0), there.buffer instanceof SharedArrayBuffer];
      })
      .collect();
    const sum = numbers.value.numbers.reduce((a, b) => a + b, 0);
    expect(sums).toEqual(Array.from({ length: 6 }, () => [length, sum, length * 8 >= 16_384]));
    numbers.destroy();
  });

  test("threads of an executor read the same memory, and each rebuilds the rest once", async () => {
    const shared = gc().broadcast({ counter: new Int32Array(8192), made: { by: "hand" } });
    // Against the contract, to see it.
    const seen = await gc()
      .range(0, 40, { partitions: 40 })
      .map(() => {
        const { counter, made } = shared.value as { counter: Int32Array; made: { by: string; id?: string } };
        made.id ??= String(Math.random());
        return [process.pid, Atomics.add(counter, 0, 1), made.id] as const;
      })
      .collect();
    for (const pid of new Set(seen.map(([each]) => each))) {
      const here = seen.filter(([each]) => each === pid);
      expect(here.map(([, count]) => count).sort((a, b) => a - b)).toEqual(here.map((_, index) => index));
    }
    expect(new Set(seen.map(([, , id]) => id)).size).toBeLessThanOrEqual(4);
  });

  test("several at once, in several functions and stages", async () => {
    const factors = [2, 3, 5].map((factor) => gc().broadcast({ factor }));
    const [two, three, five] = factors as [Broadcast<{ factor: number }>, Broadcast<{ factor: number }>, Broadcast<{ factor: number }>]; // prettier-ignore
    const products = await gc()
      .range(0, 10, { partitions: 3 })
      .map((x) => [x % 2, x * two.value.factor])
      .reduceByKey((a, b) => a + b * (three.value.factor - 2))
      .mapValues((x) => x * five.value.factor)
      .collect();
    expect(Object.fromEntries(products)).toEqual({ 0: 200, 1: 250 });
  });

  test("unpersist frees what executors have, who get it again", async () => {
    const words = gc().broadcast(["a", "b"]);
    const read = () => gc().range(4).map((i) => words.value[i % 2]).collect(); // prettier-ignore
    for (let round = 0; round < 3; round++) {
      expect(await read()).toEqual(["a", "b", "a", "b"]);
      words.unpersist();
      words.unpersist();
    }
  });

  describe("what cannot work says so", () => {
    test("use after destroy, in the driver and in functions", async () => {
      const gone = gc().broadcast("value");
      const mapped = gc().range(3).map(() => gone.value); // prettier-ignore
      expect(await mapped.collect()).toEqual(["value", "value", "value"]);
      gone.destroy();
      gone.destroy();
      const destroyed = "GLOAM_BROADCAST_DESTROYED";
      expect(() => gone.value).toThrow(destroyed);
      expect(() => gone.unpersist()).toThrow(destroyed);
      expect(() =>
        gc()
          .range(3)
          .map(() => gone.value),
      ).toThrow(destroyed);
      await expect(mapped.collect()).rejects.toMatchObject({ cause: { code: destroyed } });
      const never = gc().broadcast("value");
      const unread = gc().range(3).map(() => never.value); // prettier-ignore
      never.destroy();
      await expect(unread.collect()).rejects.toMatchObject({ cause: { code: destroyed } });
    });

    test("values that cannot travel", () => {
      expect(() => gc().broadcast({ f: () => 1 })).toThrow("the value's f is a function");
      expect(() => gc().broadcast(Symbol("it"))).toThrow("GLOAM_VALUE_NOT_SERIALIZABLE");
      class Model {
        readonly weights = [1];
      }
      expect(() => gc().broadcast(new Model())).toThrow("GLOAM_VALUE_NOT_SERIALIZABLE");
    });

    test("freeing in a function", async () => {
      const held = gc().broadcast(1);
      const job = gc().range(1).forEach(() => held.destroy()); // prettier-ignore
      await expect(job).rejects.toMatchObject({ cause: { code: "GLOAM_DRIVER_ONLY" } });
    });
  });
});
