import { startMesos } from "@gloam/cli/mesos";
import { GloamContext } from "gloam";
import { expect, test } from "vitest";
import { MesosView, until } from "./mesos-view.ts";

const racks = { agents: 2, attributes: ["rack:a;cores:8", "rack:b;cores:16"] };

test.each([
  ["rack:b", 2],
  ["rack:!a;agent", 2],
  ["rack:~[b-z]", 2],
  ["cores:..12;rack", undefined],
  ["cores:<=12", 1],
  ["cores:10..20;rack:a,b", 2],
])("mesos.constraints of '%s' keep executors to agent %s", async (constraints, agent) => {
  const conf = { "mesos.constraints": constraints, "executor.cores": 1, "dynamicAllocation.initialExecutors": 2 };
  if (agent === undefined) {
    expect(() => new GloamContext({ master: "mesos://127.0.0.1:1", conf })).toThrow(
      expect.objectContaining({ code: "GLOAM_CONF_INVALID" }),
    );
    return;
  }
  await using mesos = await startMesos(racks);
  const view = new MesosView(mesos);
  await using gc = new GloamContext({ master: mesos.url, conf });
  await until(async () => (await gc.statusTracker.executors()).length === 2, "two executors");
  expect(await view.busyAgents()).toEqual([await view.agentWith("agent", agent)]);
});

test("at most so many executors where an attribute is the same", async () => {
  await using mesos = await startMesos(racks);
  const view = new MesosView(mesos);
  await using gc = new GloamContext({
    master: mesos.url,
    conf: {
      "mesos.constraints": "rack:#1",
      "executor.cores": 1,
      "cores.max": 3,
      "dynamicAllocation.enabled": false,
    },
  });
  await until(async () => (await gc.statusTracker.executors()).length === 2, "two executors");
  expect(await gc.range(0, 100, { partitions: 20 }).sum()).toBe(4950);
  expect(await view.busyAgents()).toHaveLength(2);
  expect((await view.frameworks()).flatMap(({ tasks }) => tasks)).toHaveLength(2);
});

test("executors take resources of several roles, reserved ones first, and give them back", async () => {
  await using mesos = await startMesos({
    agents: 1,
    resources: "cpus(analytics):3;mem(analytics):4096;cpus:2;mem:4096",
  });
  const view = new MesosView(mesos);
  await using gc = new GloamContext({
    master: mesos.url,
    conf: {
      "mesos.role": "analytics,batch",
      "executor.cores": 2,
      "cores.max": 4,
      "dynamicAllocation.enabled": false,
    },
  });
  await until(async () => (await gc.statusTracker.executors()).length === 2, "two executors");
  expect(await gc.range(0, 100, { partitions: 8 }).sum()).toBe(4950);
  await gc.stop();
  await until(async () => (await view.left()).length === 0, "an empty cluster");
});

test("the master that leads is found among several", async () => {
  await using mesos = await startMesos();
  await using gc = new GloamContext({ master: `mesos://127.0.0.1:9,127.0.0.1:${mesos.port}` });
  expect(await gc.range(0, 100).sum()).toBe(4950);
});
