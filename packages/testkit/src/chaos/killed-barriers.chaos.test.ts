import { createRandom } from "@gloam/common";
import { GloamContext } from "gloam";
import { expect, test } from "vitest";
import { ExecutorKiller } from "./executor-killer.ts";
import { Leftovers } from "./leftovers.ts";

test.each([1, 100_000])(
  "executors are killed in the midst of barriers, whose tasks exchange %i numbers, and all run again",
  async (length) => {
    const leftovers = new Leftovers();
    const gc = new GloamContext({ master: "local-cluster[3,1,512]", conf: { "task.maxFailures": 100 } });
    await gc.ready();
    const killer = new ExecutorKiller(createRandom(Date.now() % 2 ** 31), 1000, 4);
    try {
      const attempts: number[] = [];
      for (let job = 0; job < 100; job++) {
        if (killer.killed >= 4) break;
        const rows = gc.range(3, { partitions: 3 }).barrier();
        const found = await rows
          .mapPartitions((_, context) => {
            let sum = 0;
            for (let round = 0; round < 100; round++) {
              const [value] = context.allReduce(new Float64Array(length).fill(context.rank + round), (a, b) =>
                a.map((x, i) => x + b[i]!),
              );
              context.send((context.rank + 1) % 3, value);
              sum += context.receive<number>((context.rank + 2) % 3);
            }
            return [[sum, context.attempt]];
          })
          .collect();
        expect(found.map(([sum]) => sum)).toEqual([15_150, 15_150, 15_150]);
        expect(new Set(found.map(([, attempt]) => attempt)).size).toBe(1);
        attempts.push(found[0]![1]);
      }
      expect(killer.killed).toBe(4);
      expect(Math.max(...attempts)).toBeGreaterThan(0);
    } finally {
      killer.stop();
      await gc.stop();
    }
    await leftovers.expectNone();
  },
  200_000,
);
