/**
 * How long a program takes from its start to the result of its first task, where executors are processes of this machine and
 * where they come from a free Mesos, beside Node.js itself. Prints medians in seconds as a Markdown table.
 *
 *     node benchmarks/mesos/start.mjs [RUNS]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startMesos } from "./local-mesos.mjs";

const runs = Number(process.argv[2] ?? 7);
const program = fileURLToPath(new URL("first-task.mjs", import.meta.url));

async function seconds(parameters, isEnd) {
  const begin = performance.now();
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  let end;
  child.stdout.once("data", () => (end = performance.now()));
  await once(child, "close");
  return ((isEnd ? performance.now() : end) - begin) / 1000;
}

const mesos = await startMesos();
const systems = new Map([
  ["`node -e 0`", () => seconds(["-e", "0"], true)],
  ["`local-cluster[1,2,1024]`", () => seconds([program, "local-cluster[1,2,1024]"], false)],
  ["Mesos, one executor", () => seconds([program, mesos.url, "1"], false)],
  ["Mesos, two executors", () => seconds([program, mesos.url, "2"], false)],
]);
const measured = new Map([...systems.keys()].map((name) => [name, []]));
try {
  // In turn, so that whatever else the machine does is shared.
  for (let run = 0; run < runs; run++) {
    for (const [name, measure] of systems) measured.get(name).push(await measure());
  }
} finally {
  await mesos.stop();
}
console.log("| From the start of the process to | seconds |\n| --- | --- |");
for (const [name, values] of measured) {
  const median = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  console.log(
    `| ${name === "`node -e 0`" ? `the end of ${name}` : `the first result, ${name}`} | ${median.toFixed(2)} |`,
  );
}
