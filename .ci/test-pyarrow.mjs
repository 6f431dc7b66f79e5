// npm run test:pyarrow: what Gloam writes is read by pyarrow, and the other way round. Makes a virtual environment in
// .pyarrow-venv, once; fails when that cannot be done.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const environment = resolve(".pyarrow-venv");
const python = join(environment, "bin", "python");

function run(program, parameters, options = {}) {
  const { status, error } = spawnSync(program, parameters, { stdio: "inherit", ...options });
  if (error !== undefined) throw error;
  return status ?? 1;
}

function demand(program, parameters) {
  const status = run(program, parameters);
  if (status !== 0) process.exit(status);
}

if (!existsSync(python)) demand("python3", ["-m", "venv", environment]);
if (run(python, ["-c", "import pyarrow"], { stdio: "ignore" }) !== 0) {
  demand(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pyarrow"]);
}

const vitest = join("node_modules", "vitest", "vitest.mjs");
process.exitCode = run(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
  env: { ...process.env, GLOAM_TEST_SUITE: "pyarrow", GLOAM_TEST_PYTHON: python },
});
