import { startMesos } from "@gloam/cli/mesos";
import { GloamContext } from "gloam";
import { expect, test } from "vitest";
import { runProgram } from "../run-program.ts";
import { MesosView, until } from "./mesos-view.ts";

test("two applications share a cluster, and both finish", async () => {
  await using mesos = await startMesos({ agents: 2, resources: "cpus:4;mem:4096" });
  const view = new MesosView(mesos);
  const contexts = [1, 2].map(
    (n) =>
      new GloamContext({
        appName: `application ${n}`,
        master: mesos.url,
        conf: { "cores.max": 4, "executor.cores": 1 },
      }),
  );
  try {
    const jobs = contexts.map((gc, index) =>
      gc
        .range(0, 40, { partitions: 20 })
        .map((i) => {
          const end = Date.now() + 100;
          while (Date.now() < end);
          return [i % 4, i * (index + 1)] as [number, number];
        })
        .reduceByKey((a, b) => a + b)
        .map(([, value]) => value)
        .sum(),
    );
    await until(async () => {
      const frameworks = await view.frameworks();
      return frameworks.length === 2 && frameworks.every(({ tasks }) => tasks.length > 0);
    }, "both applications with executors");
    expect(await Promise.all(jobs)).toEqual([780, 1560]);
  } finally {
    await Promise.all(contexts.map((gc) => gc.stop()));
  }
  await until(async () => (await view.left()).length === 0, "an empty cluster");
});

test("one that needs more than any agent has says so, and can be cancelled", async () => {
  await using mesos = await startMesos({ agents: 2, resources: "cpus:2;mem:4096" });
  const { output, complaints, status } = await runProgram("starves.mjs", { parameters: [mesos.url] });
  expect(complaints).toMatch(/warn waiting for resources: asked 4 cpus and 7\.13 GiB, best offer 2 cpus and 4 GiB\n$/);
  const [code, milliseconds] = output.trim().split(" ");
  expect({ code, status }).toEqual({ code: "GLOAM_JOB_CANCELLED", status: 0 });
  expect(Number(milliseconds)).toBeLessThan(2000);
});

test("offers that are not needed are declined, and made again when there is work", async () => {
  await using mesos = await startMesos({ agents: 1 });
  const view = new MesosView(mesos);
  await using gc = new GloamContext({
    master: mesos.url,
    conf: {
      "executor.cores": 1,
      "dynamicAllocation.executorIdleTimeout": 500,
      "dynamicAllocation.schedulerBacklogTimeout": 100,
    },
  });
  await gc.ready();
  const tasks = async (): Promise<number> => (await view.frameworks()).flatMap((each) => each.tasks).length;
  await until(async () => (await tasks()) === 0, "idle executors let go");
  const job = gc
    .range(0, 24, { partitions: 24 })
    .map((i) => {
      const end = Date.now() + 200;
      while (Date.now() < end);
      return i;
    })
    .sum();
  await until(async () => (await tasks()) > 1, "executors for tasks that wait");
  expect(await job).toBe(276);
});
