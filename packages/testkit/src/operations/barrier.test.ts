import { barrierContext, taskContext, type BarrierContext, type GloamContext, type Rdd } from "gloam";
import { createRandom } from "@gloam/common";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";

/** Runs a function in as many tasks of a barrier as fit into the cluster; gives what each gave. */
function run(
  gc: GloamContext,
  f: (context: BarrierContext) => unknown,
  size = gc.defaultParallelism,
): Promise<unknown[]> {
  const tasks = gc.range(size, { partitions: size }).barrier();
  return tasks.mapPartitions((_, context) => [f(context) as {}]).collect();
}

const ranks = (size: number): number[] => Array.from({ length: size }, (_, rank) => rank);

onEveryMaster("barrier", (gc) => {
  const size = (): number => gc().defaultParallelism;

  test("mapPartitions sees its elements and its place among the tasks", async () => {
    const rows = gc()
      .range(3 * size(), { partitions: size() })
      .barrier();
    const seen = await rows.mapPartitions((elements, { rank, size: of }) => [[rank, of, [...elements]]]).collect();
    expect(seen).toEqual(ranks(size()).map((rank) => [rank, size(), [3 * rank, 3 * rank + 1, 3 * rank + 2]]));
  });

  test("tasks meet: nobody goes on before all have come", async () => {
    const times = await run(gc(), (context) => {
      const until = Date.now() + 100 * context.rank;
      while (Date.now() < until);
      const come = Date.now();
      context.barrier();
      return [come, Date.now()];
    });
    const [come, gone] = [0, 1].map((at) => (times as number[][]).map((pair) => pair[at]!)) as [number[], number[]];
    expect(Math.min(...gone)).toBeGreaterThanOrEqual(Math.max(...come));
  });

  test("of a cached one all that is seen is of one attempt, however many jobs compute it at once", async () => {
    for (let round = 0; round < 4; round++) {
      const kept = gc()
        .range(2, { partitions: Math.min(2, size()) })
        .barrier()
        .mapPartitions((_, context) => {
          const until = Date.now() + 40 * context.rank;
          const drawn = context.allGather(Math.random()).join();
          // One is cached long before the other.
          while (Date.now() < until);
          return [drawn];
        })
        .cache();
      const jobs = Array.from({ length: 4 }, () => kept.collect());
      for (const drawn of await Promise.all(jobs)) expect(new Set(drawn).size).toBe(1);
      const [first, ...others] = [await kept.collect(), await kept.collect()];
      expect([new Set(first).size, ...others]).toEqual([1, first]);
      kept.unpersist();
    }
  });

  test("allGather, broadcast, gather and scatter", async () => {
    const seen = await run(gc(), (context) => {
      const last = context.size - 1;
      const { rank } = context;
      return {
        allGather: context.allGather({ rank, none: undefined }),
        broadcast: context.broadcast(rank === last ? new Map([["from", rank]]) : undefined, last),
        gather: context.gather(rank * rank, last),
        scatter: context.scatter(rank === 0 ? Array.from({ length: context.size }, (_, to) => `to ${to}`) : undefined),
        infos: context.getTaskInfos().length,
      };
    });
    const last = size() - 1;
    expect(seen).toEqual(
      ranks(size()).map((rank) => ({
        allGather: ranks(size()).map((other) => ({ rank: other, none: undefined })),
        broadcast: new Map([["from", last]]),
        gather: rank === last ? ranks(size()).map((other) => other * other) : undefined,
        scatter: `to ${rank}`,
        infos: size(),
      })),
    );
  });

  test("reductions go in the order of ranks, so that floats are the same each time", async () => {
    const seen = await run(gc(), (context) => {
      const join = (a: string, b: string): string => `(${a}${b})`;
      const value = 0.1 * 3 ** (7 * context.rank);
      const sum = context.allReduce(value, (a, b) => a + b);
      return [context.reduce(String(context.rank), join, 0), context.allReduce(String(context.rank), join), sum];
    });
    const joined = ranks(size())
      .map(String)
      .reduce((a, b) => `(${a}${b})`);
    const sum = ranks(size())
      .map((rank) => 0.1 * 3 ** (7 * rank))
      .reduce((a, b) => a + b);
    expect(seen).toEqual(ranks(size()).map((rank) => [rank === 0 ? joined : undefined, joined, sum]));
  });

  test.each([3, 200_000])("allToAll, of arrays of %i numbers that arrive as they are", async (length) => {
    const seen = await run(gc(), (context) => {
      const values = Array.from({ length: context.size }, (_, to) =>
        new Float64Array(length).fill(10 * context.rank + to),
      );
      const got = context.allToAll(values);
      return got.map((array) => [array.constructor.name, array.length, array[0], array[length - 1]]);
    });
    expect(seen).toEqual(
      ranks(size()).map((rank) =>
        ranks(size()).map((from) => ["Float64Array", length, 10 * from + rank, 10 * from + rank]),
      ),
    );
  });

  test("large values of all kinds go round, many times, without leaving anything", async () => {
    const seen = await run(gc(), (context) => {
      let right = 0;
      for (let round = 0; round < 12; round++) {
        const text = `${context.rank}`.repeat(300_000);
        const texts = context.allGather(text);
        const sum = context.allReduce(new Uint32Array(100_000).fill(round), (a, b) => a.map((x, i) => x + b[i]!));
        if (texts.every((each, rank) => each.length >= 300_000 && each.startsWith(`${rank}`))) right++;
        if (sum.every((x) => x === round * context.size)) right++;
      }
      return right;
    });
    expect(seen).toEqual(ranks(size()).map(() => 24));
  });

  test.each(["Int8Array", "Uint8ClampedArray", "Int16Array", "BigInt64Array", "Float32Array"] as const)(
    "%s",
    async (name) => {
      const [seen] = await run(gc(), (context) => {
        const array = name === "BigInt64Array" ? BigInt64Array.of(-1n, 5n) : new globalThis[name]([-1, 300, 7]);
        return context.broadcast(array.subarray(1));
      });
      const array = name === "BigInt64Array" ? BigInt64Array.of(5n) : new globalThis[name]([300, 7]);
      expect(seen).toEqual(array);
    },
  );

  test("send and receive go round the ring, in order, however large", async () => {
    const seen = await run(gc(), (context) => {
      const [next, before] = [1, context.size - 1].map((step) => (context.rank + step) % context.size) as [
        number,
        number,
      ];
      context.send(next, `small from ${context.rank}`);
      context.send(next, new Float64Array(50_000).fill(context.rank));
      return [context.receive(before), context.receive<Float64Array>(before)[49_999]];
    });
    expect(seen).toEqual(ranks(size()).map((rank) => [`small from ${(rank + size() - 1) % size()}`, (rank + size() - 1) % size()])); // prettier-ignore
  });

  test("random collective calls agree with arrays", async () => {
    const seed = Date.now() % 2 ** 31;
    const rounds = 30;
    const seen = (await run(gc(), (context) => {
      const out: unknown[] = [];
      for (let round = 0; round < rounds; round++) {
        // A generator of few lines, the same in every task: what a task gives is a function of round, rank and receiver.
        const dice = (seed * 31 + round * 7919) % 1009;
        const root = dice % context.size;
        const length = dice % 5 === 0 ? 20_000 : dice % 13;
        const value = (to: number): number[] =>
          Array.from({ length }, (_, i) => (dice + context.rank * 17 + to * 3 + i) % 251);
        const all = Array.from({ length: context.size }, (_, to) => value(to));
        if (dice % 6 === 0) out.push(context.allGather(value(0)));
        else if (dice % 6 === 1) out.push(context.broadcast(value(0), root));
        else if (dice % 6 === 2) out.push(context.gather(value(0), root));
        else if (dice % 6 === 3) out.push(context.scatter(all, root));
        else if (dice % 6 === 4) out.push(context.allToAll(all));
        else out.push(context.allReduce(value(0), (a, b) => a.map((x, i) => 2 * x + b[i]!)));
      }
      return out;
    })) as unknown[][];
    for (let round = 0; round < rounds; round++) {
      const dice = (seed * 31 + round * 7919) % 1009;
      const root = dice % size();
      const length = dice % 5 === 0 ? 20_000 : dice % 13;
      const value = (from: number, to: number): number[] =>
        Array.from({ length }, (_, i) => (dice + from * 17 + to * 3 + i) % 251);
      const all = ranks(size()).map((from) => value(from, 0));
      const expected = (rank: number): unknown =>
        [
          all,
          all[root],
          rank === root ? all : undefined,
          value(root, rank),
          ranks(size()).map((from) => value(from, rank)),
          all.reduce((a, b) => a.map((x, i) => 2 * x + b[i]!)),
        ][dice % 6];
      expect(
        seen.map((each) => each[round]),
        `round ${round} of seed ${seed}`,
      ).toEqual(ranks(size()).map(expected));
    }
  });

  test("the function runs to its end, however few elements are wanted", async () => {
    const rows = gc()
      .range(10 * size(), { partitions: size() })
      .barrier()
      .mapPartitions(function* (elements, context) {
        for (const x of elements) {
          yield x;
          context.barrier();
        }
      });
    expect(await rows.first()).toBe(0);
    expect(await rows.take(3)).toEqual([0, 1, 2]);
    expect(await rows.count()).toBe(10 * size());
  });

  test("barriers in one stage, behind a shuffle and before one, and cached", async () => {
    const numbers = gc().range(40, { partitions: 3 }).repartition(size());
    const totals = numbers.barrier().mapPartitions((elements, context) => {
      const mine = [...elements];
      return mine.map((x) => [x % 4, context.allReduce(mine.length, (a, b) => a + b)]);
    });
    // Every task calls once for each of its elements: they have as many where the size divides 40.
    const sums = totals.reduceByKey((a, b) => a + b);
    expect(new Map(await sums.collect())).toEqual(new Map([0, 1, 2, 3].map((key) => [key, 400])));
    const twice = totals
      .map(([, total]) => total)
      .barrier()
      .mapPartitions((elements, context) => [context.allGather([...elements].length)])
      .cache();
    expect(await twice.first()).toEqual(ranks(size()).map(() => 40 / size()));
    expect(await twice.count()).toBe(size());
    const kept: unknown[] = [];
    for await (const each of twice) kept.push(each);
    expect(kept).toHaveLength(size());
    twice.unpersist();
  });

  test("jobs beside it and behind it", async () => {
    const context = gc();
    const others = ranks(4).map((i) =>
      context
        .range(100, { partitions: 7 })
        .map((x) => x + i)
        .sum(),
    );
    const met = ranks(3).map(() => run(context, (each) => each.allReduce(1, (a, b) => a + b)));
    expect(await Promise.all(others)).toEqual(ranks(4).map((i) => 4950 + 100 * i));
    for (const each of await Promise.all(met)) expect(each).toEqual(ranks(size()).map(() => size()));
  });

  test("an empty RDD, empty partitions", async () => {
    expect(await gc().emptyRdd<number>().barrier().mapPartitions((xs) => xs).collect()).toEqual([]); // prettier-ignore
    const empty = gc().parallelize<number>([], size()).barrier();
    expect(await empty.mapPartitions((xs, context) => [context.allGather([...xs].length)]).first()).toEqual(
      ranks(size()).map(() => 0),
    );
  });

  test("barrierContext is the same, and there is none elsewhere", async () => {
    const same = await run(gc(), (context) => barrierContext() === context && taskContext().barrier === context);
    expect(same).toEqual(ranks(size()).map(() => true));
    await expect(gc().range(2).map(() => barrierContext().rank).collect()).rejects.toMatchObject({ code: "GLOAM_NO_BARRIER" }); // prettier-ignore
    expect(() => barrierContext()).toThrow(expect.objectContaining({ code: "GLOAM_NO_BARRIER" }) as Error);
  });

  test("arguments that are not valid", async () => {
    const failing = (f: (context: BarrierContext) => unknown): Promise<unknown> => run(gc(), (context) => [f(context)]);
    const invalid = { code: "GLOAM_ARGUMENT_INVALID" };
    await expect(failing((context) => context.broadcast(1, -1))).rejects.toMatchObject(invalid);
    await expect(failing((context) => context.reduce(1, (a) => a, context.size))).rejects.toMatchObject(invalid);
    await expect(failing((context) => context.send(0.5, 1))).rejects.toMatchObject(invalid);
    await expect(failing((context) => context.allToAll([1, 2, 3, 4, 5, 6]))).rejects.toMatchObject(invalid);
    await expect(failing((context) => context.scatter(undefined))).rejects.toMatchObject(invalid);
    await expect(failing((context) => context.allGather(Symbol("s")))).rejects.toMatchObject({
      code: "GLOAM_VALUE_NOT_SERIALIZABLE",
    });
    expect(() =>
      gc()
        .range(2)
        .barrier()
        .mapPartitions(7 as never),
    ).toThrow(expect.objectContaining(invalid) as Error);
  });

  test("more tasks than slots, and operations that cannot follow", async () => {
    await expect(run(gc(), (context) => context.barrier(), size() + 1)).rejects.toMatchObject({ code: "GLOAM_BARRIER_SLOTS" }); // prettier-ignore
    const rows = (): Rdd<number> => gc().range(size(), { partitions: size() }).barrier().mapPartitions((xs) => xs); // prettier-ignore
    const unsupported = { code: "GLOAM_BARRIER_UNSUPPORTED" };
    await expect(rows().union(rows()).count()).rejects.toMatchObject(unsupported);
    await expect(rows().union(gc().range(1)).count()).rejects.toMatchObject(unsupported);
    if (size() > 1) await expect(rows().coalesce(1).count()).rejects.toMatchObject(unsupported);
    expect(await rows().repartition(1).union(gc().range(3)).count()).toBe(size() + 3);
  });
});

onEveryMaster("withResources", (gc) => {
  test("gives the same elements, and refuses what there is not", async () => {
    const seed = Date.now() % 2 ** 31;
    const random = createRandom(seed);
    const numbers = Array.from({ length: 50 }, () => random.nextInt(10));
    const rdd = gc().parallelize(numbers, 5).withResources({ cpus: 1, memory: 1 });
    expect(await rdd.map((x) => x * 2).collect()).toEqual(numbers.map((x) => x * 2));
    expect(await rdd.map((x) => [x, 1]).withResources({}).reduceByKey((a, b) => a + b).count()).toBe(new Set(numbers).size); // prettier-ignore
    expect(await gc().emptyRdd<number>().withResources({ cpus: 1 }).count()).toBe(0);
    const unavailable = { code: "GLOAM_RESOURCES_UNAVAILABLE" };
    await expect(rdd.withResources({ cpus: 64 }).count()).rejects.toMatchObject(unavailable);
    await expect(rdd.withResources({ memory: 2 ** 50 }).count()).rejects.toMatchObject(unavailable);
  });

  test("keeps the partitioner and texts", async () => {
    const pairs = gc().parallelize([["a", 1], ["b", 2], ["a", 3]], 2).reduceByKey((a, b) => a + b, 3).withResources({}); // prettier-ignore
    expect(await pairs.reduceByKey((a, b) => a + b).getNumPartitions()).toBe(3);
  });

  test("arguments that are not valid", () => {
    const rdd = gc().range(2);
    for (const resources of [{ cpus: 0 }, { cpus: 1.5 }, { memory: -1 }, { memory: "1g" }, 4, null]) {
      expect(() => rdd.withResources(resources as never)).toThrow(
        expect.objectContaining({ code: "GLOAM_ARGUMENT_INVALID" }) as Error,
      );
    }
  });
});

describe("tasks at once", () => {
  onEveryMaster("with cpus", (gc) => {
    test("are as many as have what they ask for", async () => {
      const cpus = gc().defaultParallelism === 4 ? 2 : 1;
      const spans = await gc()
        .range(4, { partitions: 4 })
        .map(() => {
          const begin = Date.now();
          while (Date.now() < begin + 150);
          return [begin, Date.now()];
        })
        .withResources({ cpus })
        .collect();
      const most = Math.max(
        ...spans.map(([begin]) => spans.filter(([from, to]) => from <= begin && begin < to).length),
      );
      expect(most).toBeLessThanOrEqual(gc().defaultParallelism / cpus);
    });
  });
});
