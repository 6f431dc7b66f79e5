import { startMesos } from "@gloam/cli/mesos";
import { GloamContext } from "gloam";
import { connect } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";

test("executors serve blocks at the ports that were taken for them", async () => {
  await using mesos = await startMesos({ agents: 1, resources: "cpus:4;mem:8192;disk:16384;ports:[31700-31710]" });
  await using gc = new GloamContext({
    master: mesos.url,
    conf: { "executor.cores": 1, "mesos.ports": 1, "dynamicAllocation.maxExecutors": 2 },
  });
  const sums = gc
    .range(0, 100, { partitions: 4 })
    .map((i) => [i % 2, i] as [number, number])
    .reduceByKey((a, b) => a + b);
  expect(await sums.count()).toBe(2);
  const socket = connect(31_700, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
});
