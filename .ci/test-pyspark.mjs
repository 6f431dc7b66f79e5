// npm run test:pyspark: pipelines give the same in Gloam and in PySpark. Makes a virtual environment in .pyspark-venv, once;
// fails when that cannot be done, or when there is no Java.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { runPythonSuite } from "./python-suite.mjs";

const oldestJava = 17;

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
runPythonSuite("pyspark", "4.3.0");
