// Runs jobs that use shuffles, caches and all workers, stops, and reports what is left of threads and handles.
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { GloamContext } from "gloam";

const threads = () => readdirSync("/proc/self/task").length;
const handles = () =>
  process
    .getActiveResourcesInfo()
    .filter((name) => !/^(Pipe|TTY|File)/.test(name))
    .sort();

await Promise.all(Array.from({ length: 8 }, () => readFile("/proc/self/stat"))); // starts libuv's own threads
await setTimeout(100); // what closed these files has ended too
const before = { threads: threads(), handles: handles() };
for (let round = 0; round < 3; round++) {
  const gc = new GloamContext({ master: "local[3]" });
  const counts = gc
    .range(0, 50_000, { partitions: 6 })
    .map((i) => [i % 5000, 1])
    .reduceByKey((a, b) => a + b)
    .cache();
  if ((await counts.count()) !== 5000) throw new Error("wrong count");
  if ((await counts.sortByKey().take(1))[0][1] !== 10) throw new Error("wrong rows");
  await (process.argv[2] === "dispose" ? gc[Symbol.asyncDispose]() : gc.stop());
}
await setTimeout(100);
const openFiles = readdirSync("/proc/self/fd").length;
process.stdout.write(
  `${JSON.stringify({ before, after: { threads: threads(), handles: handles() }, openFiles, listeners: process.listenerCount("SIGINT") })}\n`,
);
