// Stops its own process, threads and all, in the middle of a job, for twice as long as executors wait for their driver.
// Prints the job's answer, and that of another afterwards, as JSON.
import { spawn } from "node:child_process";
import { GloamContext } from "gloam";

const conf = { "network.timeout": "3s", "executor.heartbeatInterval": "300ms" };
const gc = new GloamContext({ master: "local-cluster[2,1,512]", conf });
const sums = gc
  .range(0, 100_000, { partitions: 16 })
  .map((i) => [i % 100, i])
  .reduceByKey((a, b) => a + b, 16)
  .cache();
await sums.count();
const slow = sums
  .map(([, sum]) => sum)
  .mapPartitions(function* (values) {
    const end = Date.now() + 250;
    while (Date.now() < end);
    yield* values;
  });
const job = slow.sum();
setTimeout(() => {
  const shell = `kill -STOP ${process.pid}; sleep 6; kill -CONT ${process.pid}`;
  spawn("sh", ["-c", shell], { stdio: "ignore" });
}, 700);
process.stdout.write(`${JSON.stringify([await job, await sums.count()])}\n`);
await gc.stop();
