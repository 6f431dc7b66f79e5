// npm run test:mesos: Gloam on a real Apache Mesos, which is installed into the user's cache unless it is there; fails when that
// cannot be done. As root it installs system libraries that are missing, where there is apt-get.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installMesos } from "@gloam/cli/mesos";

await installMesos({ say: (line) => process.stderr.write(`${line}\n`) });
const vitest = join("node_modules", "vitest", "vitest.mjs");
const { status, error } = spawnSync(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, GLOAM_TEST_SUITE: "mesos" },
});
if (error !== undefined) throw error;
process.exitCode = status ?? 1;
