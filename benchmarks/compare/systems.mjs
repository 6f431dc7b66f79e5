import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the peers are installed and the inputs lie: PEERS_HOME, `~/.cache/peers` by default. */
export const home = process.env.PEERS_HOME ?? join(homedir(), ".cache", "peers");

/** The workloads, in the order of the table. */
export const workloads = [
  "wordcount",
  "sort",
  "reducebykey",
  "join",
  "pagerank",
  "kmeans",
  "logreg",
  "startup",
  "tinytasks",
  "tinyjobs",
];

const heavy = workloads.slice(0, 7);
const runner = fileURLToPath(new URL("../run.mjs", import.meta.url));
const mesosRunner = fileURLToPath(new URL("../mesos/run.mjs", import.meta.url));
const bin = join(home, "venv", "bin");
const spark = [
  join(bin, "spark-submit"),
  "--master",
  "local[2]",
  "--driver-memory",
  "8g",
  "--conf",
  "spark.ui.enabled=false",
];
const sparkProgram = ["--class", "PeerBench", join(home, "build", "peerbench.jar")];

/** Makes the command of a workload for each system. */
export const systems = new Map([
  ["gloam", (workload) => [process.execPath, runner, "--master", "local[2]", workload]],
  ["gloam-processes", (workload) => [process.execPath, runner, "--master", "local-cluster[2,1,4096]", workload]],
  ["gloam-mesos", (workload) => [process.execPath, mesosRunner, workload]],
  [
    "gloam-after",
    (workload) => [process.execPath, runner, "--master", "local[2]", "--after", fiveOthers(workload), workload],
  ],
  ["spark", (workload) => [...spark, ...sparkProgram, workload]],
  [
    // G1, the default collector, costs Spark a lot on two cores.
    "spark-parallel-gc",
    (workload) => [...spark, "--conf", "spark.driver.extraJavaOptions=-XX:+UseParallelGC", ...sparkProgram, workload],
  ],
]);

/** The five large workloads that follow this one in the table, from the beginning again after the last. */
function fiveOthers(workload) {
  const start = heavy.indexOf(workload) + 1;
  return Array.from({ length: 5 }, (_, index) => heavy[(start + index) % heavy.length]).join(",");
}
