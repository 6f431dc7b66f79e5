// npm run test:pyspark: pipelines give the same in Gloam and in PySpark. Makes a virtual environment in .pyspark-venv, once;
// fails when that cannot be done, or when there is no Java.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const version = "4.3.0";
const oldestJava = 17;
const environment = resolve(".pyspark-venv");
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

/** The number of the Java that PySpark will take, if there is one. */
function javaVersion() {
  const home = process.env.JAVA_HOME;
  const java = home ? join(home, "bin", "java") : "java";
  const { stderr } = spawnSync(java, ["-version"], { encoding: "utf8" });
  const found = /version "(?:1\.)?(\d+)/.exec(stderr ?? "");
  return found === null ? undefined : Number(found[1]);
}

const java = javaVersion();
if (java === undefined || java < oldestJava) {
  const found = java === undefined ? "none was found" : `this is Java ${java}`;
  process.stderr.write(
    `test:pyspark needs Java ${oldestJava} or newer, and ${found}. Install one (in Debian: apt-get install ` +
      "openjdk-17-jre-headless), or say where it is with JAVA_HOME.\n",
  );
  process.exit(1);
}
if (!existsSync(python)) demand("python3", ["-m", "venv", environment]);
const check = `import pyspark, sys; sys.exit(pyspark.__version__ != "${version}")`;
if (run(python, ["-c", check], { stdio: "ignore" }) !== 0) {
  demand(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `pyspark==${version}`]);
}

const vitest = join("node_modules", "vitest", "vitest.mjs");
process.exitCode = run(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
  env: { ...process.env, GLOAM_TEST_SUITE: "pyspark", GLOAM_TEST_PYTHON: python },
});
