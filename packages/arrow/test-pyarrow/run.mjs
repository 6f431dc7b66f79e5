// Blocks of every kind of column, read and checked by pyarrow in a virtual environment of its own. Needs python3 and the
// package index that pip is configured for; fails when either is missing.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeBlocks } from "./blocks.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error !== undefined || status !== 0) {
    process.stderr.write(`${error?.message ?? `${command} ended with ${status}`}\n`);
    process.stdout.write("0 passed, 1 failed\n");
    process.exit(1);
  }
}

/** A Python with pyarrow, kept between runs. */
function preparePython() {
  const cache =
    process.env.GLOAM_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "gloam-test");
  const environment = join(cache, "pyarrow");
  const python = join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const complete = join(environment, "complete");
  if (!existsSync(complete)) {
    mkdirSync(cache, { recursive: true });
    run(process.env.PYTHON ?? "python3", "-m", "venv", "--clear", environment);
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pyarrow", "msgpack");
    writeFileSync(complete, "");
  }
  return python;
}

const python = preparePython();
const folder = mkdtempSync(join(tmpdir(), "gloam-pyarrow-"));
try {
  writeBlocks(folder);
  run(python, join(here, "check.py"), folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
