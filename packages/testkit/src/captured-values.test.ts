import { expect, test } from "vitest";
import { onEveryMaster } from "./on-every-master.ts";

onEveryMaster("captured values", (gc) => {
  test("of jobs of the same code that run side by side are each job's own", async () => {
    const job = async (factor: number): Promise<number> => {
      const table = [factor];
      const seen: number[] = [];
      const scaled = (x: number): number => x * table[0]!;
      const sums = await gc()
        .range(0, 1000, { partitions: 8 })
        .map((x) => {
          seen.push(x);
          return scaled(x) + (seen.length > 125 ? Infinity : 0);
        })
        .map((x) => [x % 7, x + factor] as const)
        .reduceByKey((a, b) => a + b + table.length - 1)
        .values()
        .collect();
      return sums.reduce((a, b) => a + b, 0);
    };
    const factors = Array.from({ length: 24 }, (_, at) => at + 1);
    const sums = await Promise.all(factors.map(job));
    expect(sums).toEqual(factors.map((factor) => 499_500 * factor + 1000 * factor));
  });

  test("of jobs one after the other are the next job's", async () => {
    let centre = [0];
    for (let round = 1; round <= 5; round++) {
      const current = centre;
      const distances = gc()
        .range(10)
        .map((x) => Math.abs(x - current[0]!));
      expect(await distances.sum()).toBe(
        Array.from({ length: 10 }, (_, x) => Math.abs(x - current[0]!)).reduce((a, b) => a + b),
      );
      centre = [round * 1.5];
    }
  });
});
