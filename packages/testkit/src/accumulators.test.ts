import { GloamContext, taskContext } from "gloam";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

/** Some executors of one slot, all there. */
async function executors(count: number, conf: Record<string, string | number | boolean> = {}): Promise<GloamContext> {
  const gc = new GloamContext({ master: `local-cluster[${count},1,512]`, conf });
  await gc.ready();
  while ((await gc.statusTracker.executors()).length < count) await sleep(20);
  return gc;
}

test("of two attempts at the same time one counts", async () => {
  await using gc = await executors(2, { speculation: true, "speculation.quantile": 0.5 });
  const seen = gc.longAccumulator();
  const places = gc.collectionAccumulator<number>();
  await gc.range(0, 6, { partitions: 6 }).forEach((i) => {
    seen.add(1);
    places.add(i);
    const isSlow = i === 3 && taskContext().attempt === 0;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, isSlow ? 60_000 : 50);
    seen.add(1);
  });
  expect(seen.value).toBe(12);
  expect(places.value).toEqual([0, 1, 2, 3, 4, 5]);
});

test("map outputs that are lost and computed anew count once, in whatever job", async () => {
  await using gc = await executors(2);
  const mapped = gc.longAccumulator();
  const reduced = gc.longAccumulator();
  const sums = gc
    .range(0, 100, { partitions: 8 })
    .map((x) => {
      mapped.add(1);
      return [x % 5, process.pid];
    })
    .groupByKey(4)
    .map(([key, pids]) => {
      reduced.add(1);
      return [key, [...pids]] as const;
    });
  const pids = new Set((await sums.collect()).flatMap(([, each]) => each));
  expect([mapped.value, reduced.value]).toEqual([100, 5]);
  for (const pid of pids) process.kill(pid, "SIGKILL");
  expect(await sums.count()).toBe(5);
  expect([mapped.value, reduced.value]).toEqual([100, 10]);
});

test("a value larger than results that travel with reports counts with a result that is fetched", async () => {
  await using gc = await executors(2);
  const list = gc.collectionAccumulator<string>();
  const lines = gc.range(0, 4, { partitions: 4 }).map((i) => {
    for (let copy = 0; copy < 1000; copy++) list.add(`${i} `.padEnd(300, "x"));
    return "y".repeat(100_000);
  });
  expect(await lines.collect()).toHaveLength(4);
  expect(list.value.length).toBe(4000);
  expect(list.value.map((text) => Number.parseInt(text, 10))).toEqual(
    Array.from({ length: 4000 }, (_, index) => Math.floor(index / 1000)),
  );
});

test("executors that fail tasks and are excluded add nothing for them", async () => {
  await using gc = await executors(2, { "excludeOnFailure.enabled": true, "task.maxFailures": 4 });
  const pids = await gc.range(0, 40, { partitions: 40 }).map(() => process.pid).collect(); // prettier-ignore
  const bad = pids[0];
  const seen = gc.longAccumulator();
  await gc.range(0, 20, { partitions: 20 }).forEach(() => {
    seen.add(1);
    if (process.pid === bad) throw new Error("a broken disk, say");
  });
  expect(seen.value).toBe(20);
});
