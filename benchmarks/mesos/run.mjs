/**
 * Runs a workload on a real Mesos, which it starts and ends: two executors of one slot and 4 GiB, one on each of two agents.
 * Prints what `benchmarks/run.mjs` does.
 *
 *     node benchmarks/mesos/run.mjs WORKLOAD
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startMesos } from "./local-mesos.mjs";

const runner = fileURLToPath(new URL("../run.mjs", import.meta.url));
const settings = ["cores.max=2", "executor.cores=1", "executor.memory=4g", "dynamicAllocation.enabled=false"];

const mesos = await startMesos();
try {
  const options = ["--master", mesos.url, ...settings.flatMap((setting) => ["--conf", setting])];
  const child = spawn(process.execPath, [runner, ...options, ...process.argv.slice(2)], { stdio: "inherit" });
  [process.exitCode] = await once(child, "exit");
} finally {
  await mesos.stop();
}
