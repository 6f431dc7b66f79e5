import type { GloamContext } from "gloam";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a job whose answer anybody can work out, and complains of any other. `size` is a multiple of ten. */
export type KnownJob = (gc: GloamContext, size: number) => Promise<void>;

const sums: KnownJob = async (gc, size) => {
  const pairs = gc.range(0, size, { partitions: 6 }).map((i) => [i % 10, i]);
  const found = await pairs.reduceByKey((a, b) => a + b).collect();
  const expected = Array.from({ length: 10 }, (_, key) => [key, ((key + size - 10 + key) * (size / 10)) / 2]);
  same(
    found.sort(([a], [b]) => a - b),
    expected,
  );
};

const sorted: KnownJob = async (gc, size) => {
  const pairs = gc.range(0, size, { partitions: 6 }).map((i) => [(i * 7919) % size, i]);
  const keys = await pairs
    .sortByKey()
    .map(([key]) => key)
    .collect();
  const firstWrong = keys.findIndex((key, at) => at > 0 && keys[at - 1]! > key);
  same([firstWrong, keys.length], [-1, size]);
};

const joined: KnownJob = async (gc, size) => {
  const left = gc.range(0, size, { partitions: 4 }).map((i) => [i, "left"]);
  const right = gc.range(0, size, { partitions: 5 }).filter((i) => i % 3 === 0);
  same(await left.join(right.map((i) => [i, "right"])).count(), Math.ceil(size / 3));
};

const cached: KnownJob = async (gc, size) => {
  const doubled = gc
    .range(0, size, { partitions: 6 })
    .map((i) => ({ i, twice: i * 2 }))
    .cache();
  for (let round = 0; round < 3; round++) same(await doubled.map(({ twice }) => twice).sum(), size * (size - 1));
  doubled.unpersist();
};

const saved: KnownJob = async (gc, size) => {
  const directory = await mkdtemp(join(tmpdir(), "gloam-saved-"));
  try {
    const output = join(directory, "output");
    await gc
      .range(0, size / 10, { partitions: 6 })
      .repartition(4)
      .saveAsTextFile(output);
    const parts = (await readdir(output)).filter((name) => name.startsWith("part-"));
    const texts = await Promise.all(parts.map((name) => readFile(join(output, name), "utf8")));
    const numbers = texts.join("").trimEnd().split("\n").map(Number);
    same([parts.length, numbers.length, new Set(numbers).size], [4, size / 10, size / 10]);
  } finally {
    await rm(directory, { recursive: true });
  }
};

/** To be run by turns. */
export const knownJobs: readonly KnownJob[] = [sums, sorted, joined, cached, saved];

function same(found: unknown, expected: unknown): void {
  const [is, shall] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== shall) throw new Error(`the answer is wrong: ${is.slice(0, 500)} instead of ${shall.slice(0, 500)}`);
}
