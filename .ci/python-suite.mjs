// What the suites that need Python share: a virtual environment of their own, made once, and vitest with its Python.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

function run(program, parameters, options = {}) {
  const { status, error } = spawnSync(program, parameters, { stdio: "inherit", ...options });
  if (error !== undefined) throw error;
  return status ?? 1;
}

function demand(program, parameters) {
  const status = run(program, parameters);
  if (status !== 0) process.exit(status);
}

/**
 * Runs a suite with a package of Python, which is installed unless it is there; ends the process when it cannot be.
 *
 * @param suite Name of the suite, and of the package that it needs.
 * @param version The package's version; whatever is there, or else the newest, when left out.
 */
export function runPythonSuite(suite, version) {
  const environment = resolve(`.${suite}-venv`);
  const python = join(environment, "bin", "python");
  if (!existsSync(python)) demand("python3", ["-m", "venv", environment]);
  const wanted = version === undefined ? "" : `; import sys; sys.exit(${suite}.__version__ != "${version}")`;
  if (run(python, ["-c", `import ${suite}${wanted}`], { stdio: "ignore" }) !== 0) {
    const requirement = version === undefined ? suite : `${suite}==${version}`;
    demand(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement]);
  }
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  process.exitCode = run(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
    env: { ...process.env, GLOAM_TEST_SUITE: suite, GLOAM_TEST_PYTHON: python },
  });
}
