import { createRandom } from "@gloam/common";
import { GloamContext } from "gloam";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { childProcesses, sockets, threads } from "./child-processes.ts";

const entry = "executor/dist/process";
const scratch = (): string[] => readdirSync(tmpdir()).filter((name) => /^gloam-\d+-/.test(name));

/** Jobs with answers that anybody can work out, by turns. */
const jobs: readonly ((gc: GloamContext, size: number) => Promise<void>)[] = [
  async (gc, size) => {
    const sums = gc
      .range(0, size, { partitions: 6 })
      .map((i) => [i % 10, i])
      .reduceByKey((a, b) => a + b);
    const expected = Array.from({ length: 10 }, (_, key) => {
      const last = size - 10 + key;
      return [key, ((key + last) * (size / 10)) / 2];
    });
    expect((await sums.collect()).sort(([a], [b]) => a - b)).toEqual(expected);
  },
  async (gc, size) => {
    const sorted = gc.range(0, size, { partitions: 6 }).map((i) => [(i * 7919) % size, i]);
    const keys = await sorted
      .sortByKey()
      .map(([key]) => key)
      .collect();
    expect(keys.every((key, at) => at === 0 || keys[at - 1]! <= key)).toBe(true);
    expect(keys).toHaveLength(size);
  },
  async (gc, size) => {
    const left = gc.range(0, size, { partitions: 4 }).map((i) => [i, "left"]);
    const right = gc.range(0, size, { partitions: 5 }).filter((i) => i % 3 === 0);
    expect(await left.join(right.map((i) => [i, "right"])).count()).toBe(Math.ceil(size / 3));
  },
  async (gc, size) => {
    const cached = gc
      .range(0, size, { partitions: 6 })
      .map((i) => ({ i, twice: i * 2 }))
      .cache();
    for (let round = 0; round < 3; round++) {
      expect(await cached.map(({ twice }) => twice).sum()).toBe(size * (size - 1));
    }
    cached.unpersist();
  },
];

test("a hundred jobs give the right answers while executors are killed, and nothing is left", async () => {
  const seed = Date.now() % 2 ** 31;
  const random = createRandom(seed);
  const before = { threads: threads(), sockets: sockets(), scratch: scratch() };
  const gc = new GloamContext({ master: "local-cluster[3,1,512]", conf: { "task.maxFailures": 100 } });
  await gc.ready();
  let killed = 0;
  const killer = setInterval(() => {
    const pids = childProcesses(entry);
    const pid = pids[random.nextInt(pids.length)];
    if (pid === undefined) return;
    process.kill(pid, "SIGKILL");
    killed++;
  }, 2000);
  try {
    for (let job = 0; job < 100; job++) {
      await jobs[job % jobs.length]!(gc, 10_000 + 10 * random.nextInt(5000)).catch((error: unknown) => {
        throw new Error(`job ${job} with seed ${seed}, after ${killed} kills`, { cause: error });
      });
      // Time for the killer, however fast the machine is.
      await sleep(150);
    }
  } finally {
    clearInterval(killer);
    await gc.stop();
  }
  expect(killed).toBeGreaterThan(5);
  const left = () => ({ processes: childProcesses(entry).length, threads: threads(), sockets: sockets() });
  const isMore = ({ processes, ...rest }: ReturnType<typeof left>): boolean =>
    processes > 0 || rest.threads > before.threads || rest.sockets > before.sockets;
  for (let wait = 0; wait < 100 && isMore(left()); wait++) await sleep(100);
  expect(isMore(left()), JSON.stringify([before, left()])).toBe(false);
  // What was killed could not tidy up: its successor's driver does not know of it.
  expect(scratch().filter((name) => !before.scratch.includes(name))).toEqual([]);
}, 300_000);
