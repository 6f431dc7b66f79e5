import { onExecutor } from "gloam";
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

  test("are there for what was kept beyond the task", async () => {
    const options = { separator: "," };
    const parserOf = (column: number) => (line: string) => line.split(options.separator)[column]!;
    const parsers = onExecutor(() => new Map<number, (line: string) => string>());
    const lines = gc().parallelize(["a,b", "c,d"], 1);
    const parsed = lines.map((line) => {
      if (!parsers().has(1)) parsers().set(1, parserOf(1));
      return parsers().get(1)!(line);
    });
    expect(await parsed.collect()).toEqual(["b", "d"]);
    expect(await lines.map((line) => `${parsers().get(1)?.(line) ?? "b"}!`).first()).toBe("b!");

    const table = gc().broadcast({ rows: [1, 2], index: undefined as ((x: number) => number) | undefined });
    const indexOf = (rows: number[]) => (x: number) => rows[x - 1]! * 2;
    for (let job = 0; job < 2; job++) {
      const doubled = gc()
        .parallelize([1, 2], 1)
        .map((x) => (table.value.index ??= indexOf(table.value.rows))(x));
      expect(await doubled.collect()).toEqual([2, 4]);
    }
  });

  test("are there for what is left on a global", async () => {
    interface Kept {
      factor?: number;
      times?: (x: number) => number;
    }
    for (const factor of [[10], [100]]) {
      const leaving = gc()
        .parallelize([1, 2], 1)
        .map((x) => {
          const kept = Math as Kept;
          kept.factor ??= factor[0]!;
          kept.times ??= (y) => y * factor[0]!;
          return kept.times(x) === x * kept.factor;
        });
      expect(await leaving.collect()).toEqual([true, true]);
    }
    const later = gc()
      .parallelize([1, 2], 1)
      .map((x) => {
        const { factor = 1, times = (y) => y } = Math as Kept;
        return times(x) === x * factor;
      });
    expect(await later.collect()).toEqual([true, true]);
  });

  test("are there for the getters of kept rows", async () => {
    const scaled = (factor: readonly number[]) =>
      gc()
        .parallelize([1, 2, 3], 1)
        .map((x) => ({
          m: new Map([[1, x]]),
          get y(): number {
            return x * factor[0]!;
          },
        }))
        .persist();
    const [small, large] = [scaled([10]), scaled([100])];
    await small.count();
    const both = large.union(small).map(({ y }) => y);
    expect(await both.collect()).toEqual([100, 200, 300, 10, 20, 30]);
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
