/**
 * Measures where it pays to compress blocks: workloads in two executor processes over a network that carries so much for each
 * of them, in either direction.
 *
 *     node benchmarks/compression.mjs [--codecs none,deflate,zstd] [--rates loopback,1gbit,100mbit] WORKLOAD,...
 *
 * Environment as for `run.mjs`. A rate needs Linux and root: the run has a network of its own (`unshare --net`), whose loopback
 * interface is slowed (`tc`) to twice the rate, since both executors send over it. Prints the seconds of the job and the bytes
 * that went between executors.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** What `tc` lets pass at once: what passes in 4 ms. What waits is never dropped. */
const networks = {
  loopback: undefined,
  "1gbit": { rate: "2gbit", burst: "1mb" },
  "100mbit": { rate: "200mbit", burst: "128kb" },
};
const { values, positionals } = parseArgs({
  options: {
    codecs: { type: "string", default: "none,deflate,zstd" },
    rates: { type: "string", default: Object.keys(networks).join() },
  },
  allowPositionals: true,
});
const program = fileURLToPath(new URL("run.mjs", import.meta.url));

function run(workload, codec, network) {
  const command = [program, "--master", "local-cluster[2,1,4096]", "--conf", `network.compression=${codec}`, workload];
  const output = mkdtempSync(join(tmpdir(), "gloam-compression-"));
  try {
    const env = { ...process.env, PEERS_OUT: join(output, "sorted") };
    const slowed =
      network &&
      `ip link set lo up && tc qdisc add dev lo root tbf rate ${network.rate} burst ${network.burst} latency 2s && exec "$@"`;
    const [executable, ...parameters] = [
      ...(slowed ? ["unshare", "--net", "sh", "-c", slowed, "sh"] : []),
      process.execPath,
      ...command,
    ];
    const { stdout, status } = spawnSync(executable, parameters, {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    const result = /^RESULT (.*)$/m.exec(stdout)?.[1];
    if (status !== 0 || result === undefined) throw new Error(`${workload} failed: ${stdout}`);
    return JSON.parse(result);
  } finally {
    rmSync(output, { recursive: true });
  }
}

for (const workload of positionals.flatMap((names) => names.split(","))) {
  for (const rate of values.rates.split(",")) {
    for (const codec of values.codecs.split(",")) {
      const { seconds, exchangedBytes } = run(workload, codec, networks[rate]);
      console.log(`${workload} ${rate} ${codec}: ${seconds.toFixed(1)} s, ${(exchangedBytes / 1e6).toFixed(0)} MB`);
    }
  }
}
