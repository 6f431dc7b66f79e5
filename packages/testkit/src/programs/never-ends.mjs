// A job whose user function never returns. Prints "ready" once a task runs it.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { GloamContext } from "gloam";

const directory = mkdtempSync(join(tmpdir(), "user-"));
const flag = join(directory, "running");
const gc = new GloamContext({ master: process.argv[2] ?? "local[2]" });
const job = gc
  .range(0, 100_000, { partitions: 4 })
  .map((i) => [0, i])
  .groupByKey()
  .map(() => {
    writeFileSync(flag, "");
    for (;;);
  })
  .count();
const waiting = setInterval(() => {
  if (!existsSync(flag)) return;
  clearInterval(waiting);
  rmSync(directory, { recursive: true });
  process.stdout.write("ready\n");
  if (process.argv[3] === "exit") process.exit(7);
  if (process.argv[3] === "throw") throw new Error("the program's own mistake");
}, 20);
await job;
