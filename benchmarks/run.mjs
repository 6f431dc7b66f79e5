/**
 * Runs one workload and prints `RESULT {"seconds":S,"check":"...","exchangedBytes":B}`; the last are the
 * bytes of blocks that executors have fetched from each other over WebSockets.
 *
 *     node benchmarks/run.mjs [--master M] [--conf KEY=VALUE]... [--after W,W,...] WORKLOAD
 *
 * Environment: PEERS_DATA (the generated inputs), PEERS_SCALE (their size factor, 1 by default), PEERS_OUT (where the
 * sort writes). `--after` runs other workloads first in the same context; only the last one is measured.
 */
import { parseArgs } from "node:util";
import { dirname, join } from "node:path";
import { GloamContext } from "gloam";

const { values: options, positionals } = parseArgs({
  options: {
    master: { type: "string", default: "local[2]" },
    conf: { type: "string", multiple: true, default: [] },
    after: { type: "string" },
  },
  allowPositionals: true,
});
const [measured] = positionals;
if (measured === undefined || positionals.length > 1) {
  console.error("usage: run.mjs [--master M] [--conf KEY=VALUE]... [--after W,W,...] WORKLOAD");
  process.exit(2);
}
const output = process.env.PEERS_OUT ?? join(process.cwd(), "sorted");
const scale = Number(process.env.PEERS_SCALE ?? "1");
const settings = {
  data: process.env.PEERS_DATA,
  partitions: 8,
  sized: (count) => Math.trunc(count * scale),
};

/** Runs a workload; gives its answer and the seconds that it took. */
async function run(gc, name, directory) {
  const { default: workload } = await import(new URL(`./workloads/${name}.mjs`, import.meta.url).href);
  await gc.ready();
  const begin = performance.now();
  const check = await workload(gc, { ...settings, output: directory });
  return { seconds: (performance.now() - begin) / 1000, check };
}

const gc = new GloamContext({
  appName: `benchmark ${measured}`,
  master: options.master,
  conf: Object.fromEntries(options.conf.map((pair) => pair.split(/=(.*)/s, 2))),
});
try {
  for (const [index, name] of (options.after?.split(",") ?? []).entries()) {
    const { seconds, check } = await run(gc, name, join(dirname(output), `before-${index}-${name}`));
    console.error(`before: ${name} ${seconds.toFixed(3)} s ${check}`);
  }
  const { seconds, check } = await run(gc, measured, output);
  const executors = await gc.statusTracker.executors();
  const exchangedBytes = executors.reduce((sum, { fetchedBytes }) => sum + fetchedBytes, 0);
  console.log(`RESULT ${JSON.stringify({ seconds: Number(seconds.toFixed(4)), check, exchangedBytes })}`);
} finally {
  await gc.stop();
}
