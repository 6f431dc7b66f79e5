/**
 * How much longer a job takes while somebody without the secret opens connections to its driver and executors.
 *
 *     node benchmarks/flood.mjs [--connections 10000] [--runs 5] WORKLOAD
 *
 * Runs the workload on `local-cluster[2,1,4096]` by turns without and with a flood that lasts as long as the job did
 * before, each in a process of its own, and prints the medians of both and their ratio.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values: options, positionals } = parseArgs({
  options: { connections: { type: "string", default: "10000" }, runs: { type: "string", default: "5" } },
  allowPositionals: true,
});
const [workload] = positionals;
if (workload === undefined || positionals.length > 1) {
  console.error("usage: flood.mjs [--connections N] [--runs N] WORKLOAD");
  process.exit(2);
}
const program = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What a program printed. `onStart` is told of its process. */
async function run(file, parameters, onStart = () => undefined) {
  const child = spawn(process.execPath, [program(file), ...parameters.map(String)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  onStart(child);
  let text = "";
  child.stdout.on("data", (data) => (text += data));
  const status = await new Promise((resolve) => child.once("close", resolve));
  if (status !== 0) throw new Error(`${file} ended with ${status}`);
  return text;
}

/** Seconds of the job; with the flood, which begins with the executors, spread over `seconds`. */
async function measure(seconds) {
  /** @type {Promise<string> | undefined} */
  let flood;
  const text = await run("./run.mjs", ["--master", "local-cluster[2,1,4096]", workload], (child) => {
    if (seconds === undefined) return;
    const delay = setTimeout(() => {
      flood = run("../packages/testkit/src/programs/flood.mjs", [child.pid, options.connections, seconds]);
    }, 1000);
    child.once("exit", () => clearTimeout(delay));
  });
  const { opened, longest } = JSON.parse((await flood) ?? "{}");
  const { seconds: taken, check } = JSON.parse(text.split("RESULT ")[1]);
  console.error(JSON.stringify({ seconds: taken, check, opened, longest }));
  return taken;
}

const quiet = [];
const flooded = [];
for (let i = 0; i < Number(options.runs); i++) {
  quiet.push(await measure());
  // Over by the end of the job, so that all of it falls into the job.
  flooded.push(await measure(quiet.at(-1) * 0.9));
}
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
const [without, during] = [median(quiet), median(flooded)];
console.log(
  `${workload}: ${without.toFixed(2)} s, ${during.toFixed(2)} s with ${options.connections} connections: ${(during / without).toFixed(2)} times`,
);
