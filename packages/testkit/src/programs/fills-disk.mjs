// Runs a job that needs more room than there is in the temporary directory, and a small one after it. Prints how each ended
// and what is left. Parameters: the kind of job, and whether one executor's directory alone is full.
import { execFileSync } from "node:child_process";
import { GloamContext } from "gloam";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [kind, where] = process.argv.slice(2);
const conf = { "memory.storageFraction": 0.05, "memory.fraction": 0.1 };
const gc = new GloamContext({ master: "local-cluster[2,1,512]", conf });
const wide = (count, partitions = 8) =>
  gc.range(0, count, { partitions }).map((i) => [(i * 48271) % 2147483647, `${i} ${"x".repeat(100)}`]);

const jobs = {
  // Sorted runs that do not fit into memory.
  spills: async () => (await wide(600_000, 2).sortByKey({ partitions: 2 }).count()) === 600_000,
  // Map outputs, which are read once all of them are there.
  outputs: async () => (await wide(600_000).repartition(8).count()) === 600_000,
  // Cached partitions that do not fit into memory.
  caches: async () => (await wide(600_000).persist("MEMORY_AND_DISK").count()) === 600_000,
};

async function outcome(job) {
  const begun = performance.now();
  const seconds = () => Math.round((performance.now() - begun) / 1000);
  try {
    return { right: await job(), seconds: seconds() };
  } catch (error) {
    return { code: error.code, message: error.message, hint: error.hint, seconds: seconds() };
  }
}

const small = async () => (await wide(1000).groupByKey(2).count()) === 1000;
// One after which an executor has a directory, where that is needed.
const first = async () => (await wide(200_000).repartition(8).count()) === 200_000;
const outcomes = { before: await outcome(where === "one" ? first : small) };
let full;
if (where === "one") {
  full = join(tmpdir(), readdirSync(tmpdir())[0]);
  execFileSync("sh", ["-c", `mount -t tmpfs -o size=64k tmpfs ${full}`]);
}
outcomes.job = await outcome(jobs[kind]);
if (full !== undefined) execFileSync("sh", ["-c", `umount --lazy ${full}`]);
outcomes.after = await outcome(small);
await gc.stop();
const left = readdirSync(tmpdir());
process.stdout.write(JSON.stringify({ ...outcomes, full: full ?? tmpdir(), left }));
