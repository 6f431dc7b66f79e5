/**
 * How long a program takes from its start to the result of its first task, where executors are processes of this machine and
 * where they come from a free Mesos, beside Node.js itself. Prints medians in seconds as a Markdown table.
 *
 *     node benchmarks/mesos/start.mjs [RUNS]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startMesos } from "./local-mesos.mjs";

const runs = Number(process.argv[2] ?? 7);
const program = fileURLToPath(new URL("first-task.mjs", import.meta.url));

/** Seconds from the start of a program to its first word, or to its end, and when that was. */
async function measure(parameters, isEnd) {
  const begin = performance.now();
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  let end;
  let at;
  child.stdout.once("data", () => {
    end = performance.now();
    at = Date.now();
  });
  await once(child, "close");
  return { seconds: ((isEnd ? performance.now() : end) - begin) / 1000, at };
}

/** When an agent was told to launch last, in milliseconds: it makes a directory for that. */
function lastLaunch(directory) {
  const launches = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\/executors\/[^/]+\/runs$/.test(path),
  );
  return Math.max(...launches.map((path) => statSync(join(directory, path)).birthtimeMs));
}

const mesos = await startMesos();
const onMesos = (executors) => measure([program, mesos.url, String(executors)], false);
const names = {
  node: "of `node -e 0` to its end",
  processes: "of a program to the first result, `local-cluster[1,2,1024]`",
  one: "of a program to the first result, Mesos, one executor",
  launch: "of the launch on an agent to the first result, Mesos, one executor",
  two: "of a program to the first result, Mesos, two executors",
};
const measured = Object.fromEntries(Object.keys(names).map((name) => [name, []]));
try {
  // In turn, so that whatever else the machine does is shared.
  for (let run = 0; run < runs; run++) {
    measured.node.push((await measure(["-e", "0"], true)).seconds);
    measured.processes.push((await measure([program, "local-cluster[1,2,1024]"], false)).seconds);
    const { seconds, at } = await onMesos(1);
    measured.one.push(seconds);
    measured.launch.push((at - lastLaunch(mesos.directory)) / 1000);
    measured.two.push((await onMesos(2)).seconds);
  }
} finally {
  await mesos.stop();
}
console.log("| From the start | seconds |\n| --- | --- |");
for (const [name, values] of Object.entries(measured)) {
  const median = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  console.log(`| ${names[name]} | ${median.toFixed(2)} |`);
}
