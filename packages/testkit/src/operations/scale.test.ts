import { GloamContext } from "gloam";
import { afterAll, beforeAll, expect, test } from "vitest";

let gc: GloamContext;
beforeAll(() => {
  gc = new GloamContext({ master: "local[2]" });
});
afterAll(() => gc.stop());

test("100,000 operations in a row", async () => {
  let rdd = gc.range(3, { partitions: 1 });
  const increment = (x: number) => x + 1;
  for (let i = 0; i < 100_000; i++) rdd = rdd.map(increment);
  expect(await rdd.collect()).toEqual([100_000, 100_001, 100_002]);
}, 300_000);

test("1,000 flatMaps in a row", async () => {
  let rdd = gc.range(3, { partitions: 1 });
  for (let i = 0; i < 1000; i++) rdd = rdd.flatMap((x) => [x + 1]);
  expect(await rdd.collect()).toEqual([1000, 1001, 1002]);
});

test("a thousand iterations of a map-and-reduce loop leave a bounded number of nodes", async () => {
  const { size } = gc.lifetimes;
  const points = gc.range(100, { partitions: 1 }).cache();
  let shift = 0;
  for (let i = 0; i < 1000; i++) {
    const sums = points.map((x) => [x % 2, x + shift]).reduceByKey((a, b) => a + b); // prettier-ignore
    const [first] = await sums.values().take(1);
    shift = (first ?? 0) % 7;
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  // Each iteration makes three; handles are looked for after every 64 shuffles.
  expect(gc.lifetimes.size - size).toBeLessThan(500);
}, 300_000);

test("a union of a thousand RDDs", async () => {
  const parts = Array.from({ length: 1000 }, (_, i) => gc.range(i, i + 1, { partitions: 1 }));
  expect(await gc.union(parts).sum()).toBe(499_500);
  let chained = gc.range(1, { partitions: 1 });
  for (let i = 1; i < 100; i++) chained = chained.union(gc.range(i, i + 1, { partitions: 1 }));
  expect(await chained.sum()).toBe(4950);
});
