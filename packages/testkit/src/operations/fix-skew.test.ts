import { createRandom } from "@gloam/common";
import { expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";

onEveryMaster("fixSkew", (gc) => {
  test("partitions get about equal numbers, and equal keys stay together", async () => {
    const seed = Date.now() % 2 ** 31;
    const random = createRandom(seed);
    // A few hundred keys, of which few have most: none more than an eighth.
    const pairs = Array.from({ length: 20_000 }, (_, i): [string, number] => [
      `k${Math.floor(300 * random.next() ** 3)}`,
      i,
    ]);
    const rdd = gc().parallelize(pairs, 5);
    const even = await rdd.fixSkew({ partitions: 4, sample: 0.5 });
    const lying = await rdd.partitionBy(even).glom().collect();
    expect(Math.max(...lying.map(({ length }) => length)), `seed ${seed}`).toBeLessThan(2 * (pairs.length / 4));
    const places = new Map<string, number>();
    let apart = 0;
    lying.forEach((part, at) => {
      for (const [key] of part) {
        if ((places.get(key) ?? at) !== at) apart++;
        places.set(key, at);
      }
    });
    expect(apart).toBe(0);
    const sums = new Map<string, number>();
    for (const [key, i] of pairs) sums.set(key, (sums.get(key) ?? 0) + i);
    expect(new Map(await rdd.reduceByKey((a, b) => a + b, even).collect())).toEqual(sums);
    const joined = rdd.reduceByKey((a, b) => a + b, even).join(rdd.groupByKey(even), even);
    expect(await joined.getNumPartitions()).toBe(4);
    expect(await joined.count()).toBe(sums.size);
  });

  test("an empty RDD, more partitions than elements, other keys than were seen", async () => {
    const even = await gc().emptyRdd<[number, number]>().fixSkew({ partitions: 3 });
    expect(even.partitions).toBe(3);
    const few = gc().parallelize([[1, "a"], [2, "b"]], 2); // prettier-ignore
    expect((await few.fixSkew()).partitions).toBe(2);
    const many = await few.fixSkew({ partitions: 50, sample: 1 });
    const others = gc().range(100).keyBy((x) => x); // prettier-ignore
    expect(await others.partitionBy(many).values().collect().then((xs) => xs.sort((a, b) => a - b))).toEqual(Array.from({ length: 100 }, (_, i) => i)); // prettier-ignore
    expect(await others.join(few, even).count()).toBe(2);
  });

  test("arguments that are not valid", async () => {
    const pairs = gc().range(3).keyBy((x) => x); // prettier-ignore
    for (const options of [
      { partitions: 0 },
      { partitions: 1.5 },
      { sample: 0 },
      { sample: 2 },
      { sample: Number.NaN },
    ]) {
      await expect(pairs.fixSkew(options)).rejects.toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
    }
  });
});
