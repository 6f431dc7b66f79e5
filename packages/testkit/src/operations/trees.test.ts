import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers, shapes, words } from "./sequences.ts";

onEveryMaster("trees", (gc) => {
  describe.each([...shapes, { length: 100, partitions: 30 }, { length: 5, partitions: 17 }])(
    "$length elements in $partitions partitions",
    ({ length, partitions }) => {
      const texts = words(length);
      const rdd = () => gc().parallelize(texts, partitions);

      test.each([1, 2, 3, 5])("treeReduce of depth %i adds in order", async (depth) => {
        const joined = rdd().treeReduce((a, b) => `${a} ${b}`, { depth });
        if (length === 0) await expect(joined).rejects.toMatchObject({ code: "GLOAM_RDD_EMPTY" });
        else expect(await joined).toBe(texts.join(" "));
      });

      test.each([1, 2, 4])("treeAggregate of depth %i gives what aggregate gives", async (depth) => {
        const lists = await rdd().treeAggregate(
          [] as string[],
          (list, word) => {
            list.push(word);
            return list;
          },
          (a, b) => [...a, ...b],
          { depth },
        );
        expect(lists).toEqual(texts);
        const count = await rdd().treeAggregate(
          0,
          (total) => total + 1,
          (a, b) => a + b,
          { depth },
        );
        expect(count).toBe(length);
      });
    },
  );

  test("results are merged on executors first: few are merged here", async () => {
    let here = 0;
    const merge = (a: number, b: number): number => {
      here++;
      return a + b;
    };
    const counted = async (depth: number): Promise<number> => {
      here = 0;
      expect(await gc().range(64, { partitions: 64 }).treeReduce(merge, { depth })).toBe(2016);
      return here;
    };
    expect([await counted(1), await counted(2), await counted(3)]).toEqual([63, 7, 3]);
  });

  test("treeReduce is the same each time", async () => {
    const floats = gc().parallelize(numbers(10_000).map((i) => Math.sin(i) * 10 ** (i % 9)), 29); // prettier-ignore
    const first = await floats.treeReduce((a, b) => a + b, { depth: 3 });
    for (let i = 0; i < 3; i++) expect(await floats.treeReduce((a, b) => a + b, { depth: 3 })).toBe(first);
  });

  test("of nothing it is zero, and a depth that is none is refused", async () => {
    expect(await gc().emptyRdd<number>().treeAggregate(7, (a, b) => a + b, (a, b) => a + b)).toBe(7); // prettier-ignore
    for (const depth of [0, -1, 1.5, NaN, "2"] as number[]) {
      const refused = gc().range(3).treeReduce((a, b) => a + b, { depth }); // prettier-ignore
      await expect(refused).rejects.toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
    }
  });
});
