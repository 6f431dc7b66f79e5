// Asks a cluster for more than any agent has, and cancels its job when it has waited for a while.
import { GloamContext } from "gloam";
import { setTimeout as sleep } from "node:timers/promises";

const gc = new GloamContext({ master: process.argv[2], conf: { "executor.cores": 4, "executor.memory": "7g" } });
const controller = new AbortController();
const job = gc.range(0, 10).collect({ signal: controller.signal });
const end = job.then(
  () => "none",
  (error) => error.code,
);
await sleep(12_000);
const begun = performance.now();
controller.abort();
process.stdout.write(`${await end} ${Math.round(performance.now() - begun)}\n`);
await gc.stop();
