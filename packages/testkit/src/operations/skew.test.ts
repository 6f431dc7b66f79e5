import { createRandom } from "@gloam/common";
import { GloamContext, type Rdd } from "gloam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { masters } from "../masters.ts";

type Joined = Rdd<[number, [number, string]]>;

/** Number of tasks that compute elements: what a function captures is fresh in each. */
function tasksOf(rdd: Rdd<unknown>): Promise<number> {
  let calls = 0;
  return rdd.filter(() => calls++ === 0).count();
}

describe.each(masters)("joins of which one partition is much larger, in %s", (master) => {
  let gc: GloamContext;
  /** It never computes partitions in parts. */
  let plain: GloamContext;
  beforeAll(() => {
    gc = new GloamContext({ master, conf: { "shuffle.skew.threshold": "4k", "shuffle.skew.factor": 3 } });
    plain = new GloamContext({ master, conf: { "shuffle.skew.factor": 1e9 } });
  });
  afterAll(() => Promise.all([gc.stop(), plain.stop()]));

  const left = (context: GloamContext): Rdd<[number, number]> =>
    context.range(8000, { partitions: 8 }).map((i) => [i % 4 === 0 ? i % 100 : 7, i / 3]);
  const right = (context: GloamContext): Rdd<[number, string]> =>
    context.range(90, { partitions: 3 }).map((i) => [i, `right ${i}`]);
  const join = (context: GloamContext): Joined => left(context).join(right(context), 6);

  test("several tasks compute it, and all is the same, in the same order", async () => {
    expect(await tasksOf(join(plain))).toBe(6);
    expect(await tasksOf(join(gc))).toBeGreaterThan(10);
    const rows = await join(gc).collect();
    expect(rows).toEqual(await join(plain).collect());
    expect(await join(gc).count()).toBe(rows.length);
    const outer = (context: GloamContext): Promise<unknown[]> => left(context).leftOuterJoin(right(context), 6).collect(); // prettier-ignore
    expect(await outer(gc)).toEqual(await outer(plain));
  });

  test.each<[string, (joined: Joined) => Promise<unknown>]>([
    [
      "elements made of it",
      (joined) =>
        joined
          .filter(([key]) => key % 2 === 1)
          .flatMap(([key, [x, text]]) => [key, text + String(x)])
          .collect(),
    ],
    ["groups", (joined) => joined.mapValues(([x]) => x).groupByKey(3).collect()], // prettier-ignore
    ["another partitioning", (joined) => joined.map(([k, [x]]) => [x % 11, k]).partitionBy(4).glom().collect()], // prettier-ignore
    ["sums of floats", (joined) => joined.map(([, [x]]) => [Math.floor(x) % 5, x]).reduceByKey((a, b) => a + b, 2).collect()], // prettier-ignore
    ["a sum of floats", (joined) => joined.map(([, [x]]) => x).sum()],
    ["indices", (joined) => joined.zipWithIndex().collect()],
    ["samples", (joined) => joined.keys().sample(false, 0.1, 7).collect()],
    ["partitions", (joined) => joined.keys().glom().collect()],
    ["its beginning", (joined) => joined.take(3000)],
    ["a sort", (joined) => joined.sortBy(([, [x]]) => -x).collect()],
    ["a join of it", (joined) => joined.mapValues(([x]) => x).map(([k, x]) => [x % 50, k]).join(joined.context.range(50).keyBy((x) => x), 5).collect()], // prettier-ignore
    [
      "a cached one",
      async (joined) => {
        const kept = joined.values().cache();
        const counts = [await kept.count(), await kept.collect()];
        kept.unpersist();
        return counts;
      },
    ],
  ])("%s: the same", async (_, use) => {
    expect(await use(join(gc))).toEqual(await use(join(plain)));
  });

  test("random keys, sizes and numbers of partitions: the same as in arrays", async () => {
    const seed = Date.now() % 2 ** 31;
    const random = createRandom(seed);
    for (let round = 0; round < 6; round++) {
      const hot = 0.5 + random.next() / 2;
      const pairs = Array.from({ length: 4000 }, (_, i): [number, number] => [
        random.next() < hot ? 3 : random.nextInt(40),
        i,
      ]);
      const others = Array.from({ length: 60 }, (_, i): [number, number] => [random.nextInt(60), i]);
      const [maps, reducers] = [1 + random.nextInt(9), 1 + random.nextInt(9)];
      const found = await gc.parallelize(pairs, maps).join(gc.parallelize(others, 2), reducers).collect();
      const expected = pairs.flatMap(([key, x]) =>
        others.flatMap(([other, y]) => (other === key ? [[key, x, y]] : [])),
      );
      const order = (a: readonly number[], b: readonly number[]): number => a[1]! - b[1]! || a[2]! - b[2]!;
      expect(found.map(([key, [x, y]]) => [key, x, y]).sort(order), `seed ${seed}`).toEqual(expected.sort(order));
    }
  });
});
