/**
 * For how long a framework keeps offers of a real Mesos that it does not use, and who else could: asks the master every 10 ms which
 * offers are out, while a word count runs. Nothing else wants them, so the master makes them again and again.
 *
 *     node benchmarks/mesos/offers.mjs
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startMesos } from "./local-mesos.mjs";

const interval = 10;
const runner = fileURLToPath(new URL("../run.mjs", import.meta.url));
const settings = ["cores.max=2", "executor.cores=1", "executor.memory=4g", "dynamicAllocation.enabled=false"];

const mesos = await startMesos();
try {
  const state = new URL("/master/state", mesos.url.replace("mesos:", "http:"));
  const options = ["--master", mesos.url, ...settings.flatMap((setting) => ["--conf", setting])];
  const child = spawn(process.execPath, [runner, ...options, "wordcount"], { stdio: "inherit" });
  const ended = once(child, "exit");
  /** When each offer that is out was seen first. */
  let out = new Map();
  let seen = 0;
  let longest = 0;
  let questions = 0;
  while (child.exitCode === null) {
    const { frameworks } = await (await fetch(state)).json();
    const now = performance.now();
    const before = out;
    out = new Map();
    for (const { id } of frameworks.flatMap(({ offers }) => offers)) {
      if (!before.has(id)) seen++;
      out.set(id, before.get(id) ?? now);
      longest = Math.max(longest, now - out.get(id));
    }
    questions++;
    await setTimeout(interval);
  }
  await ended;
  console.log(
    `asked ${questions} times, every ${interval} ms: saw ${seen} offers, and none for longer than ${(longest + interval).toFixed(0)} ms`,
  );
} finally {
  await mesos.stop();
}
