import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkSorted } from "./sorted-output.mjs";
import { residentBytes } from "./process-tree.mjs";
import { home, systems } from "./systems.mjs";

const mebibyte = 2 ** 20;

/**
 * Runs a system's program of a workload once, alone: seconds inside the job, seconds of the whole process, peak MiB of
 * the process tree (sampled every 0.1 s), and the check string or why it failed.
 */
export async function measure(system, workload, timeoutSeconds) {
  const scratch = mkdtempSync(join(home, "compare-"));
  const output = join(scratch, "sorted");
  const record = { system, workload };
  try {
    const [command, ...parameters] = systems.get(system)(workload);
    const begin = performance.now();
    const child = spawn(command, parameters, {
      cwd: scratch,
      detached: true, // a session of its own: what it starts is found and ended with it
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PEERS_DATA: join(home, "data"),
        PEERS_SCALE: "1",
        ...process.env,
        // spark-submit asks the first Python of the path where Spark is.
        PATH: `${join(home, "venv", "bin")}:${process.env.PATH}`,
        PEERS_OUT: output,
        SPARK_LOCAL_DIRS: scratch,
        TMPDIR: scratch,
      },
    });
    let text = "";
    let complaints = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    child.stderr.on("data", (chunk) => (complaints = (complaints + chunk).slice(-2000)));
    let peak = 0;
    const sampling = setInterval(() => (peak = Math.max(peak, residentBytes(child.pid))), 100);
    const timer = setTimeout(() => {
      record.failed = `over ${timeoutSeconds} s`;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, timeoutSeconds * 1000);
    const status = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    }).finally(() => {
      clearInterval(sampling);
      clearTimeout(timer);
    });
    record.whole = rounded((performance.now() - begin) / 1000);
    record.peakMebibytes = Math.round(peak / mebibyte);
    const result = text.split("\n").findLast((line) => line.startsWith("RESULT "));
    if (result !== undefined) Object.assign(record, JSON.parse(result.slice("RESULT ".length)));
    else if (record.failed === undefined) {
      record.failed = `exit ${status}`;
      console.error(complaints);
    }
    if (result !== undefined && workload === "sort") record.check = checkSorted(output);
    return record;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const rounded = (seconds) => Number(seconds.toFixed(3));
