import { startMesos, type LocalMesos } from "@gloam/cli/mesos";
import { GloamContext } from "gloam";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive } from "../child-processes.ts";
import { MesosView, until } from "./mesos-view.ts";

let directory = "";
let mesos: LocalMesos;
let view: MesosView;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "gloam-mesos-faults-"));
  mesos = await startMesos({ agents: 2, flags: { agent_reregister_timeout: "10mins" } });
  view = new MesosView(mesos);
});

afterEach(async () => {
  await mesos.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** A file that tasks write words to. */
function tape(name: string) {
  const path = join(directory, name);
  return {
    path,
    words: (): string[] => (existsSync(path) ? readFileSync(path, "utf8").trim().split(/\s+/) : []),
  };
}

const conf = { "executor.cores": 1, "dynamicAllocation.maxExecutors": 2 };

async function onBothAgents(gc: GloamContext): Promise<readonly string[]> {
  await until(async () => (await gc.statusTracker.executors()).length === 2, "two executors");
  return view.busyAgents();
}

/** A shuffle of 16 map tasks and 8 reduce tasks, each of which takes a while and tells of itself. */
function slowSums(gc: GloamContext, path: string): Promise<number[]> {
  return gc
    .range(0, 1600, { partitions: 16 })
    .mapPartitions((rows) => {
      const end = Date.now() + 200;
      while (Date.now() < end);
      appendFileSync(path, `map-${process.pid} `);
      return rows;
    })
    .map((i) => [i % 8, i] as [number, number])
    .reduceByKey((a, b) => a + b, 8)
    .mapPartitions((rows) => {
      const end = Date.now() + 200;
      while (Date.now() < end);
      appendFileSync(path, `reduce-${process.pid} `);
      return rows;
    })
    .map(([, sum]) => sum)
    .collect();
}

const right = Array.from({ length: 8 }, (_, key) => 8 * ((199 * 200) / 2) + 200 * key);
const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const mapped = (words: readonly string[]): number => words.filter((word) => word.startsWith("map")).length;

test("master and agents are killed and restarted: the job goes on with the executors that it had", async () => {
  await using gc = new GloamContext({ master: mesos.url, conf });
  await onBothAgents(gc);
  const { path, words } = tape("done");
  const job = slowSums(gc, path);
  await until(() => mapped(words()) > 3, "some map tasks");
  await mesos.kill();
  await mesos.start();
  expect(sorted(await job)).toEqual(right);
  // No process but those that were there.
  expect(new Set(words().map((word) => word.replace(/^.*-/, ""))).size).toBe(2);
  expect(mapped(words())).toBe(16);
  await until(async () => (await view.busyAgents()).length === 2, "both executors known again");
  expect((await view.known()).size).toBe(1);
  // It still gets executors, and gives them back.
  expect(await gc.range(0, 10).sum()).toBe(45);
  await gc.stop();
  await until(async () => (await view.left()).length === 0, "an empty cluster");
});

test.each(["executor", "Mesos executor"])("an %s is killed in the middle of a shuffle", async (what) => {
  await using gc = new GloamContext({ master: mesos.url, conf });
  await onBothAgents(gc);
  const { path, words } = tape("done");
  const job = slowSums(gc, path);
  await until(() => words().some((word) => word.startsWith("reduce")), "a reduce task");
  const pid = Number(words().at(-1)?.replace(/^.*-/, ""));
  process.kill(what === "executor" ? pid : parentOf(pid), "SIGKILL");
  expect(sorted(await job)).toEqual(right);
  await until(() => !isAlive(pid), "its end");
});

test("an agent is marked gone in the middle of a shuffle", async () => {
  await using gc = new GloamContext({ master: mesos.url, conf });
  const [agent] = await onBothAgents(gc);
  const { path, words } = tape("done");
  const job = slowSums(gc, path);
  await until(() => words().some((word) => word.startsWith("reduce")), "a reduce task");
  await view.operate({ type: "MARK_AGENT_GONE", mark_agent_gone: { agent_id: { value: agent! } } });
  expect(sorted(await job)).toEqual(right);
});

test("an agent is drained: its blocks move to the other one, and nothing is computed again", async () => {
  await using gc = new GloamContext({ master: mesos.url, conf });
  const [agent, other] = await onBothAgents(gc);
  const { path, words } = tape("done");
  const sums = gc
    .range(0, 1600, { partitions: 16 })
    .mapPartitions((rows) => {
      const end = Date.now() + 50;
      while (Date.now() < end);
      appendFileSync(path, `map-${process.pid} `);
      return rows;
    })
    .map((i) => [i % 8, i] as [number, number])
    .reduceByKey((a, b) => a + b, 8)
    .map(([, sum]) => sum)
    .cache();
  expect(sorted(await sums.collect())).toEqual(right);
  expect(mapped(words())).toBe(16);
  expect(new Set(words()).size).toBe(2);
  await view.operate({
    type: "DRAIN_AGENT",
    drain_agent: { agent_id: { value: agent! }, max_grace_period: { seconds: 60 } },
  });
  await until(async () => !(await view.busyAgents()).includes(agent!), "the agent without executors");
  expect(await view.busyAgents()).toContain(other);
  expect(sorted(await sums.collect())).toEqual(right);
  expect(mapped(words())).toBe(16);
});

test("a driver is killed: after the failover timeout nothing of it is left", async () => {
  const script = join(directory, "driver.mjs");
  writeFileSync(
    script,
    `import { GloamContext } from ${JSON.stringify(import.meta.resolve("gloam"))};
     const gc = new GloamContext({ master: ${JSON.stringify(mesos.url)}, conf: { "mesos.failoverTimeout": "2s" } });
     await gc.ready();
     console.log(JSON.stringify(await gc.range(0, 8, { partitions: 8 }).map(() => process.pid).collect()));
     await gc.range(0, 8).map(() => { for (;;); }).collect();`,
  );
  const driver = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(driver.stdout, "data")) as [Buffer];
  const executors = [...new Set(JSON.parse(String(line)) as number[])];
  const supervisors = executors.map(parentOf);
  driver.kill("SIGKILL");
  await until(async () => (await view.left()).length === 0, "an empty cluster");
  await until(() => ![...executors, ...supervisors].some(isAlive), "the end of its processes");
});

test("a driver takes over the framework of one that was killed, and ends what that left", async () => {
  const frameworkIdFile = join(directory, "framework");
  const settings = { "mesos.frameworkIdFile": frameworkIdFile, "mesos.failoverTimeout": "10min" };
  const script = join(directory, "driver.mjs");
  writeFileSync(
    script,
    `import { GloamContext } from ${JSON.stringify(import.meta.resolve("gloam"))};
     const gc = new GloamContext({ master: ${JSON.stringify(mesos.url)}, conf: ${JSON.stringify(settings)} });
     console.log(await gc.range(0, 8).sum());
     setInterval(() => undefined, 1000);`,
  );
  const driver = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(driver.stdout, "data");
  driver.kill("SIGKILL");
  const id = readFileSync(frameworkIdFile, "utf8").trim();
  await using gc = new GloamContext({ master: mesos.url, conf: settings });
  expect(await gc.range(0, 8).sum()).toBe(28);
  expect(await view.known()).toEqual(new Set([id]));
  await gc.stop();
  expect(existsSync(frameworkIdFile)).toBe(false);
  await until(async () => (await view.left()).length === 0, "an empty cluster");
});

function parentOf(pid: number): number {
  const [, parent] = readFileSync(`/proc/${pid}/stat`, "latin1")
    .replace(/^.*\) /s, "")
    .split(" ");
  return Number(parent);
}
