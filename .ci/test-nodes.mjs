// npm run test:nodes: what has to work on every supported Node runs on each. Installs them with npm into
// node_modules/.cache, each once.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** The oldest that is supported, the long-term ones, and the newest. */
const versions = ["20.19.0", "22", "24", "latest"];

function run(program, parameters, options = {}) {
  const { status, error } = spawnSync(program, parameters, { stdio: "inherit", ...options });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const nodes = versions.map((version) => {
  const directory = resolve("node_modules", ".cache", "gloam-nodes", version);
  const node = join(directory, "node_modules", "node", "bin", "node");
  if (!existsSync(node)) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "package.json"), '{ "private": true }\n');
    run("npm", ["install", "--no-save", "--no-audit", "--no-fund", `node@${version}`], { cwd: directory });
  }
  return node;
});

const vitest = join("node_modules", "vitest", "vitest.mjs");
const tests = [
  "packages/cli/src/run.test.ts",
  "packages/testkit/src/user-modules.test.ts",
  "packages/testkit/src/compression.test.ts",
  // What the oldest has not: the runner is not it.
  "packages/executor/src/exchange/block-codec.test.ts",
  "packages/executor/src/exchange/block-fetch.test.ts",
  "packages/executor/src/exchange/block-server.test.ts",
  "packages/io/src/zstd-stream.test.ts",
];
run(nodes[versions.indexOf("24")], [vitest, "run", ...tests, ...process.argv.slice(2)], {
  env: { ...process.env, GLOAM_TEST_NODES: nodes.join(delimiter) },
});
