import { startMesos } from "@gloam/cli/mesos";
import { GloamContext } from "gloam";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { MesosView, until } from "./mesos-view.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

async function run(master: string): Promise<string> {
  const parameters = ["packages/gloam/bin/gloam.mjs", "run", "--master", master, "examples/wordcount.ts"];
  const child = spawn(process.execPath, [...parameters, "README.md", "packages/docs"], { cwd: root });
  let output = "";
  let complaints = "";
  child.stdout.on("data", (text) => (output += String(text)));
  child.stderr.on("data", (text) => (complaints += String(text)));
  const [code] = (await once(child, "close")) as [number];
  expect({ code, complaints }).toEqual({ code: 0, complaints: "" });
  return output.replace(/in [\d.]+ s/, "in a while");
}

test("word count gives the same table on Mesos as on threads, and leaves nothing behind", async () => {
  await using mesos = await startMesos({ agents: 2 });
  const table = await run(mesos.url);
  expect(table).toBe(await run("local[2]"));
  const view = new MesosView(mesos);
  await until(async () => (await view.left()).length === 0, "an empty cluster");
});

/** Takes longer than one executor may need until its first task runs, lest another has done all tasks by then. */
function* slowly<T>(rows: Iterable<T>): Generator<T> {
  for (const end = Date.now() + 500; Date.now() < end;);
  yield* rows;
}

test("executors of two agents send each other blocks", async () => {
  await using mesos = await startMesos({ agents: 2 });
  const view = new MesosView(mesos);
  await using gc = new GloamContext({
    master: mesos.url,
    conf: { "executor.cores": 1, "dynamicAllocation.maxExecutors": 2 },
  });
  await until(async () => (await gc.statusTracker.executors()).length === 2, "two executors");
  expect(await view.busyAgents()).toHaveLength(2);
  const sums = await gc
    .range(0, 100_000, { partitions: 8 })
    .map((i) => [i % 1000, i])
    .mapPartitions(slowly)
    .reduceByKey((a, b) => a + b, 4)
    .mapPartitions(slowly)
    .map(([, sum]) => sum)
    .sum();
  expect(sums).toBe(4_999_950_000);
  const executors = await gc.statusTracker.executors();
  expect(executors).toHaveLength(2);
  for (const { fetchedBytes, servedBytes } of executors) {
    expect(fetchedBytes).toBeGreaterThan(1000);
    expect(servedBytes).toBeGreaterThan(1000);
  }
});
