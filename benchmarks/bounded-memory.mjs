/**
 * Proves that data larger than memory completes: sorts, groups, reduces and joins records of 4 GB in all with 1 GiB of
 * memory, checks the answers and the process's peak resident memory, and runs a loop of a thousand jobs whose memory and
 * disk must not grow.
 *
 *     node benchmarks/bounded-memory.mjs [--bytes 4e9] [--master local[2]] [--conf KEY=VALUE]... [PROOF...]
 *
 * Proofs: sortByKey, groupByKey, reduceByKey, join, loop, caches; all by default, each in a process of its own. `caches` keeps half of
 * the bytes in 1 GiB of storage memory and on disk, and reads them back, with nothing computed again.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const mebibyte = 2 ** 20;
/** Beyond the executor's memory: of the driver, and of V8. */
const besides = 512 * mebibyte;
const names = ["sortByKey", "groupByKey", "reduceByKey", "join", "loop", "caches"];

const { values: options, positionals } = parseArgs({
  options: {
    bytes: { type: "string", default: "4e9" },
    master: { type: "string", default: "local[2]" },
    conf: { type: "string", multiple: true, default: [] },
  },
  allowPositionals: true,
});

if (positionals.length === 1) {
  await prove(positionals[0]);
} else {
  const chosen = positionals.length === 0 ? names : positionals;
  const shared = ["--bytes", options.bytes, "--master", options.master];
  const conf = options.conf.flatMap((pair) => ["--conf", pair]);
  const failed = chosen.filter((name) => {
    const parameters = [fileURLToPath(import.meta.url), ...shared, ...conf, name];
    return spawnSync(process.execPath, parameters, { stdio: "inherit" }).status !== 0;
  });
  if (failed.length > 0) console.error(`failed: ${failed.join(", ")}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

/** Runs one proof in this process. */
async function prove(name) {
  const { GloamContext } = await import("gloam");
  const scratch = mkdtempSync(join(tmpdir(), "gloam-bounded-memory-"));
  const { caches, conf: confOfCaches } = await import("./bounded-memory/caches.mjs");
  const gc = new GloamContext({
    appName: `bounded memory: ${name}`,
    master: options.master,
    conf: {
      "executor.memory": "1g",
      "local.dir": scratch,
      ...(name === "caches" && confOfCaches),
      ...Object.fromEntries(options.conf.map((pair) => pair.split(/=(.*)/s, 2))),
    },
  });
  const begin = performance.now();
  try {
    if (name === "loop") await proveLoop(gc, scratch);
    else if (name === "caches") await caches(gc, Number(options.bytes) / 2, scratch);
    else {
      const { proofs } = await import("./bounded-memory/proofs.mjs");
      await proofs[name](gc, Number(options.bytes));
    }
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    const peak = peakResident();
    console.log(`${name}: ${seconds} s, peak resident ${Math.round(peak / mebibyte)} MiB`);
    const limit = gc.configuration.get("executor.memory") + besides;
    if (peak > limit) throw new Error(`${name}: more than ${limit / mebibyte} MiB resident`);
  } finally {
    await gc.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function proveLoop(gc, scratch) {
  const { mapAndReduceLoop } = await import("./bounded-memory/loop.mjs");
  const hundreds = await mapAndReduceLoop(gc, scratch);
  const shown = (bytes) => Math.round(bytes / mebibyte);
  for (const [index, { resident, scratch: disk }] of hundreds.entries()) {
    console.log(
      `loop: iterations to ${(index + 1) * 100}: ${shown(resident)} MiB resident, ${shown(disk)} MiB on disk`,
    );
  }
  // The first hundreds warm up: heaps and the memory pool fill to their budgets.
  const [early, late] = [hundreds[4], hundreds.at(-1)];
  if (late.resident > early.resident * 1.2 || late.scratch > early.scratch * 1.2 + 64 * mebibyte) {
    throw new Error("loop: memory or disk still grows");
  }
}

/** The largest resident memory that this process has had, in bytes. */
function peakResident() {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "latin1"))[1]) * 1024;
}
