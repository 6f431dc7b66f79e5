import { createRandom } from "@gloam/common";
import { onExecutor, taskContext, type Accumulator, type GloamEvent } from "gloam";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";

onEveryMaster("accumulators", (gc) => {
  const numbers = (size: number, partitions: number) => gc().range(0, size, { partitions });

  test.each([
    [0, 0],
    [3, 8],
    [1000, 7],
  ])("actions count exactly: %i elements in %i partitions", async (size, partitions) => {
    const long = gc().longAccumulator();
    const double = gc().doubleAccumulator();
    const list = gc().collectionAccumulator<number>();
    const rdd = partitions === 0 ? gc().emptyRdd<number>() : numbers(size, partitions);
    await rdd.forEach((x) => {
      long.add(x);
      double.add(x / 2);
      list.add(x);
    });
    const all = Array.from({ length: size }, (_, i) => i);
    const sum = all.reduce((a, b) => a + b, 0);
    expect([long.value, double.value, list.value]).toEqual([sum, sum / 2, all]);
  });

  test("sums of floats are those of plain arrays, added up by partition, every time", async () => {
    const random = createRandom(Date.now() % 2 ** 31);
    for (let round = 0; round < 3; round++) {
      const parts = Array.from({ length: 9 }, () =>
        Array.from({ length: random.nextInt(50) }, () => (random.next() - 0.5) * 10 ** random.nextInt(20)),
      );
      const sum = gc().doubleAccumulator();
      const indexed = gc().parallelize([...parts.keys()], parts.length);
      await indexed.forEach((index) => {
        for (const x of parts[index] ?? []) sum.add(x);
      });
      const expected = parts.flatMap((part) => (part.length === 0 ? [] : [part.reduce((a, b) => a + b, 0)]));
      expect(sum.value).toBe(expected.reduce((a, b) => a + b, 0));
    }
  });

  test("transformations count once behind a shuffle, whatever reads it, and anew without one", async () => {
    const mapped = gc().longAccumulator("mapped");
    const reduced = gc().longAccumulator("reduced");
    const counts = numbers(100, 4)
      .map((x) => {
        mapped.add(1);
        return [x % 10, x];
      })
      .reduceByKey((a, b) => a + b)
      .map(([, sum]) => {
        reduced.add(1);
        return sum;
      });
    for (let action = 1; action <= 3; action++) {
      await counts.collect();
      expect([mapped.value, reduced.value]).toEqual([100, 10 * action]);
    }
  });

  test("a cached partition counts once", async () => {
    const seen = gc().longAccumulator();
    const cached = numbers(50, 5)
      .map((x) => {
        seen.add(1);
        return x;
      })
      .cache();
    for (let action = 0; action < 3; action++) expect(await cached.count()).toBe(50);
    expect(seen.value).toBe(50);
    cached.unpersist();
  });

  test("values of the user's own are merged by the user's function, which may change the total", async () => {
    const weight = 2;
    const histogram = gc().accumulator(
      new Map<string, number>(),
      (total, value) => {
        for (const [key, count] of value) total.set(key, (total.get(key) ?? 0) + count);
        return total;
      },
      { name: "histogram" },
    );
    const words = gc().parallelize(["a", "b", "a", "c", "a"], 3);
    await words.forEach((word) => histogram.add(new Map([[word, weight]])));
    await words.forEach((word) => histogram.add(new Map([[word, 1]])));
    expect(Object.fromEntries(histogram.value)).toEqual({ a: 9, b: 3, c: 3 });
    histogram.reset();
    expect(histogram.value.size).toBe(0);
    const longest = gc().accumulator("", (a, b) => (b.length > a.length ? b : a));
    await words.forEach((word) => longest.add(word.repeat(word === "c" ? 5 : 1)));
    expect(longest.value).toBe("ccccc");
  });

  test("a merging function that throws in the driver fails the action", async () => {
    const picky = gc().accumulator(0, (total, value) => {
      if (total + value > 25) throw new RangeError("too much");
      return total + value;
    });
    await expect(numbers(4, 4).forEach(() => picky.add(10))).rejects.toThrow("too much");
  });

  test("one accumulator that several functions of a stage have is one sum", async () => {
    const seen = gc().longAccumulator();
    const rdd = numbers(10, 2).map((x) => {
      seen.add(1);
      return x;
    });
    await rdd.filter(() => (seen.add(1), true)).forEach(() => seen.add(1));
    expect(seen.value).toBe(30);
  });

  test("actions that look at few elements count what they computed, failed ones what ended well", async () => {
    const seen = gc().longAccumulator();
    const rdd = numbers(4, 4).map((x) => {
      seen.add(1);
      if (x === 3) throw new Error("three");
      return x;
    });
    expect(await rdd.first()).toBe(0);
    expect(seen.value).toBe(1);
    seen.reset();
    await expect(rdd.count()).rejects.toMatchObject({ code: "GLOAM_TASK_FAILED" });
    expect(seen.value).toBeLessThanOrEqual(3);
  });

  test("the driver adds too", async () => {
    const list = gc().collectionAccumulator<string>();
    list.add("before");
    await gc().parallelize(["a", "b"], 2).forEach((word) => list.add(word)); // prettier-ignore
    list.add("after");
    expect(list.value).toEqual(["before", "a", "b", "after"]);
  });

  describe("what cannot work says so", () => {
    const failure = async (use: (accumulator: Accumulator<number>) => unknown): Promise<unknown> => {
      const long = gc().longAccumulator("lines");
      const job = numbers(1, 1).forEach(() => void use(long));
      return ((await job.catch((error: unknown) => error)) as Error).cause;
    };

    test("reading in a function", async () => {
      expect(await failure((long) => long.value)).toMatchObject({
        code: "GLOAM_DRIVER_ONLY",
        message: expect.stringContaining("the accumulator 'lines'") as string,
      });
      expect(await failure((long) => long.reset())).toMatchObject({ code: "GLOAM_DRIVER_ONLY" });
    });

    test("adding what is no number", async () => {
      expect(await failure((long) => long.add(0.5))).toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
      expect(await failure((long) => long.add("1" as never))).toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
      expect(() =>
        gc()
          .doubleAccumulator()
          .add(undefined as never),
      ).toThrow("GLOAM_ARGUMENT_INVALID");
    });

    test("adding when the task is over", async () => {
      const long = gc().longAccumulator();
      const late = onExecutor(() => ({ add: () => long.add(1) }));
      // One task each, in the same worker at some time.
      const job = numbers(40, 40).forEach(() => late().add());
      const error = (await job.catch((failed: unknown) => failed)) as Error;
      expect(error.cause).toMatchObject({ code: "GLOAM_NO_TASK" });
    });

    test("values and functions that cannot travel", async () => {
      expect(() => gc().accumulator(Symbol("zero"), (a) => a)).toThrow("GLOAM_VALUE_NOT_SERIALIZABLE");
      const context = gc();
      expect(() => context.accumulator(0, (a) => (context.defaultParallelism > 0 ? a : 0))).toThrow(
        "GLOAM_CLOSURE_NOT_SERIALIZABLE",
      );
      expect(() => gc().accumulator(0, (async () => 0) as never)).toThrow("GLOAM_ASYNC_FUNCTION");
      expect(() => gc().accumulator(0, undefined as never)).toThrow("GLOAM_ARGUMENT_INVALID");
      expect(() => gc().longAccumulator(1 as never)).toThrow("GLOAM_ARGUMENT_INVALID");
      const list = gc().collectionAccumulator<unknown>();
      const job = numbers(1, 1).forEach(() => list.add(Symbol("it")));
      await expect(job).rejects.toMatchObject({ cause: { code: "GLOAM_VALUE_NOT_SERIALIZABLE" } });
    });
  });

  test("a value that was read does not change any more, nor does one that was added", async () => {
    const all = gc().accumulator<number[]>([], (a, b) => (a.length === 0 ? b : (a.push(...b), a)));
    const own = [0];
    all.add(own);
    await numbers(2, 1).forEach((x) => all.add([x + 1]));
    const read = all.value;
    await numbers(1, 1).forEach(() => all.add([9]));
    expect([own, read, all.value]).toEqual([[0], [0, 1, 2], [0, 1, 2, 9]]);
  });

  test("events tell what each task added", async () => {
    const seen = gc().longAccumulator("seen");
    const added: unknown[] = [];
    const listener = (event: GloamEvent): void => {
      if (event.type === "taskEnd") added.push(...(event.accumulators ?? []).map(({ name, value }) => [name, value]));
    };
    gc().addListener(listener);
    await numbers(6, 2).forEach(() => seen.add(1));
    gc().removeListener(listener);
    expect(added).toEqual([["seen", 3], ["seen", 3]]); // prettier-ignore
  });

  test("what an attempt adds that fails or is not needed counts nothing", async () => {
    const seen = gc().longAccumulator();
    const isLocal = gc().configuration.get("master").startsWith("local[");
    const job = numbers(8, 8).forEach((x) => {
      seen.add(1);
      if (x % 2 === 0 && taskContext().attempt < 2) throw new Error("not yet");
    });
    if (isLocal) await expect(job).rejects.toThrow("not yet");
    else await job;
    expect(seen.value).toBe(isLocal ? Math.min(seen.value, 4) : 8);
  });
});
