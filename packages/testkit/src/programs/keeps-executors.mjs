// Keeps executors that have files and endless tasks. Prints their process ids and the files in the temporary directory, then
// "ready"; never ends by itself.
import { GloamContext } from "gloam";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";

const conf = { "network.timeout": "3s", "executor.heartbeatInterval": "300ms", "memory.storageFraction": 0.001 };
const gc = new GloamContext({ master: "local-cluster[2,1,512]", conf });
const rows = gc.range(0, 200_000, { partitions: 8 }).map((i) => [i % 1000, "x".repeat(100)]);
const grouped = rows.groupByKey(4).cache();
if ((await grouped.count()) !== 1000) throw new Error("wrong count");
const pids = new Set();
while (pids.size < 2) {
  const tasks = gc.range(0, 60, { partitions: 60 }).map(() => process.pid);
  for (const pid of await tasks.collect()) pids.add(pid);
}
const files = readdirSync(tmpdir(), { recursive: true });
process.stdout.write(`${JSON.stringify({ pids: [...pids], files })}\nready\n`);
const endless = gc.range(0, 2, { partitions: 2 }).map(() => {
  for (;;);
});
await endless.count();
await grouped.count();
