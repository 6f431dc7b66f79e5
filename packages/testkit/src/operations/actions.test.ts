import { taskContext } from "gloam";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers, shapes, sliced, words } from "./sequences.ts";

onEveryMaster("actions", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const elements = numbers(length).map((i) => (i * 7919) % 1009);
    const rdd = () => gc().parallelize(elements, partitions);

    test("collect, count, isEmpty", async () => {
      expect(await rdd().collect()).toEqual(elements);
      expect(await rdd().count()).toBe(length);
      expect(await rdd().isEmpty()).toBe(length === 0);
    });

    test("toLocalIterator and for await", async () => {
      const seen: number[] = [];
      for await (const element of rdd()) seen.push(element);
      expect(seen).toEqual(elements);
      for await (const element of rdd().toLocalIterator()) {
        expect(element).toBe(elements[0]);
        break;
      }
    });

    test("toLocalIterator that computes the next partition meanwhile", async () => {
      const seen: number[] = [];
      for await (const element of rdd().toLocalIterator({ prefetchPartitions: true })) seen.push(element);
      expect(seen).toEqual(elements);
    });

    test("reduce", async () => {
      const max = rdd().reduce((a, b) => Math.max(a, b));
      if (length === 0) await expect(max).rejects.toMatchObject({ code: "GLOAM_RDD_EMPTY" });
      else expect(await max).toBe(Math.max(...elements));
      if (length > 0) {
        expect(await rdd().map(String).reduce((a, b) => `${a} ${b}`)).toBe(elements.join(" ")); // prettier-ignore
      }
    });

    test("fold, aggregate, sum", async () => {
      const sum = elements.reduce((a, b) => a + b, 0);
      expect(await rdd().fold(0, (a, b) => a + b)).toBe(sum);
      expect(await rdd().sum()).toBe(sum);
      const lists = await rdd().aggregate(
        [] as number[],
        (list, x) => {
          list.push(x);
          return list;
        },
        (a, b) => [...a, ...b],
      );
      expect(lists).toEqual(elements);
    });

    test("take and first", async () => {
      for (const n of [0, 1, 5, 150, 20_000]) expect(await rdd().take(n)).toEqual(elements.slice(0, n));
      if (length === 0) await expect(rdd().first()).rejects.toMatchObject({ code: "GLOAM_RDD_EMPTY" });
      else expect(await rdd().first()).toBe(elements[0]);
    });

    test("top and takeOrdered", async () => {
      for (const n of [0, 1, 7, 100]) {
        expect(await rdd().takeOrdered(n)).toEqual(elements.toSorted((a, b) => a - b).slice(0, n)); // prettier-ignore
        expect(await rdd().top(n)).toEqual(elements.toSorted((a, b) => b - a).slice(0, n)); // prettier-ignore
        const byLast = elements.toSorted((a, b) => (a % 10) - (b % 10));
        expect(await rdd().takeOrdered(n, (x) => x % 10)).toEqual(byLast.slice(0, n));
        const descending = elements.toSorted((a, b) => (b % 10) - (a % 10));
        expect(await rdd().top(n, { compare: (a, b) => (a % 10) - (b % 10) })).toEqual(descending.slice(0, n));
      }
    });
  });

  test("take computes no more partitions than it needs and ends them early", async () => {
    const careful = gc()
      .range(1_000_000, { partitions: 100 })
      .map((x) => {
        if (x > 50_000) throw new Error("read too far");
        return x;
      });
    expect(await careful.take(3)).toEqual([0, 1, 2]);
    expect(await careful.first()).toBe(0);
    expect(await careful.isEmpty()).toBe(false);
  });

  test("take finds elements far behind", async () => {
    const late = gc().range(1000, { partitions: 50 }).filter((x) => x >= 990); // prettier-ignore
    expect(await late.take(4)).toEqual([990, 991, 992, 993]);
    expect(await late.filter((x) => x < 0).isEmpty()).toBe(true); // prettier-ignore
  });

  test("sums of floats are the same each time", async () => {
    const floats = numbers(10_000).map((i) => Math.sin(i) * 10 ** (i % 9));
    const model = sliced(floats, 7)
      .map((slice) => slice.reduce((a, b) => a + b, 0))
      .reduce((a, b) => a + b, 0);
    for (let i = 0; i < 3; i++) expect(await gc().parallelize(floats, 7).sum()).toBe(model);
  });

  test("collect of every kind of element, few and many", async () => {
    for (const length of [3, 5000]) {
      const kinds: ((i: number) => unknown)[] = [
        (i) => i, (i) => i / 3, (i) => `text ${i}`, (i) => [i, `t${i}`], (i) => ({ i, list: [i] }), (i) => BigInt(i),
        (i) => (i % 2 === 0 ? undefined : i), (i) => (i % 3 === 0 ? "mixed" : i), (i) => new Date(i), (i) => new Map([[i, i]]),
      ]; // prettier-ignore
      for (const make of kinds) {
        const elements = numbers(length).map(make);
        const rdd = gc().parallelize(elements, 2);
        expect(await rdd.map((x) => x).collect()).toEqual(elements); // prettier-ignore
      }
    }
  });

  test("forEach runs on the executors", async () => {
    const seen: string[] = [];
    expect(await gc().parallelize(words(10)).forEach((word) => seen.push(word))).toBeUndefined(); // prettier-ignore
    expect(seen).toEqual([]);
    const fails = gc().range(10).forEach((x) => { if (x === 4) throw new Error("four"); }); // prettier-ignore
    await expect(fails).rejects.toMatchObject({ code: "GLOAM_TASK_FAILED", cause: { message: "four" } });
  });

  test("taskContext says which task it is, in loops and in iterators", async () => {
    const partitions = gc().range(6, { partitions: 3 }).map(() => taskContext().partition); // prettier-ignore
    expect(await partitions.collect()).toEqual([0, 0, 1, 1, 2, 2]);
    const stages = gc().range(3, { partitions: 3 }).mapPartitions(function* () {
      const { stage, partition, attempt, cancelled } = taskContext();
      yield { named: Number.isInteger(stage), partition, attempt, cancelled };
    }); // prettier-ignore
    expect((await stages.collect())[2]).toEqual({ named: true, partition: 2, attempt: 0, cancelled: false });
    expect(() => taskContext()).toThrow("GLOAM_NO_TASK");
  });

  test("a signal cancels", async () => {
    const controller = new AbortController();
    const endless = gc().range(4).map((x) => { for (;;) if (x < 0) return x; }); // prettier-ignore
    const running = endless.count({ signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    await expect(running).rejects.toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
    expect(await gc().range(3).count()).toBe(3);
  });

  test("several actions at a time", async () => {
    const rdd = gc().range(1000, { partitions: 4 }).map((x) => x + 1); // prettier-ignore
    expect(await Promise.all([rdd.count(), rdd.sum(), rdd.first(), rdd.take(2)])).toEqual([1000, 500_500, 1, [1, 2]]);
  });
});
