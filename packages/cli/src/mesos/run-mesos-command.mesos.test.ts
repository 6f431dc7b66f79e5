import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { eventually, processesOf } from "./testing/processes.ts";
import { startSleeper } from "./testing/sleeper.ts";
import { temporaryDirectory } from "./testing/temporary-directory.ts";

const program = fileURLToPath(new URL("../../../gloam/bin/gloam.mjs", import.meta.url));

/** A `gloam mesos up` that has said what there is. */
async function up(...parameters: string[]) {
  const command = spawn(process.execPath, [program, "mesos", "up", ...parameters], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    command.kill("SIGKILL");
  });
  const [bytes] = (await once(command.stdout, "data")) as [Buffer];
  const output = bytes.toString();
  const port = Number(/mesos:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1]);
  return { command, output, port };
}

/** The process of master and agents, by its command line. */
function clusterOf(workDirectory: string): number[] {
  return processesOf(`\0${workDirectory}\0{"count":`);
}

test("Ctrl-C ends the cluster and its executors", async () => {
  const workDirectory = temporaryDirectory();
  const { command, output, port } = await up("--agents", "2", "--port", "0", "--work-dir", workDirectory);
  expect(output).toBe(`Apache Mesos 1.11.0 runs at mesos://127.0.0.1:${port} with 2 agents; Ctrl-C ends it
  run something  gloam run --master mesos://127.0.0.1:${port} script.ts
  its state      http://127.0.0.1:${port}/master/state
  its log        ${workDirectory}/mesos.log
`);
  await startSleeper({ port, workDirectory });
  command.kill("SIGINT");
  expect(await once(command, "exit")).toEqual([0, null]);
  expect(processesOf(workDirectory)).toEqual([]);
});

test.each(["the command", "master and agents"])("the same directory goes on after SIGKILL of %s", async (what) => {
  const workDirectory = temporaryDirectory();
  const { command, port } = await up("--port", "0", "--work-dir", workDirectory);
  await startSleeper({ port, workDirectory });
  const executor = processesOf(`${workDirectory}/agents/`);
  const [cluster] = clusterOf(workDirectory);
  process.kill(what === "the command" ? command.pid! : cluster!, "SIGKILL");
  await once(command, "exit");
  await eventually("master and agents have ended", () => clusterOf(workDirectory).length === 0);
  expect(processesOf(`${workDirectory}/agents/`)).toEqual(executor);

  const again = await up(`--port=${port}`, "--work-dir", workDirectory);
  expect(again.output).toContain("with 1 agent;");
  expect(processesOf(`${workDirectory}/agents/`)).toEqual(executor);
  again.command.kill("SIGTERM");
  expect(await once(again.command, "exit")).toEqual([0, null]);
  expect(processesOf(workDirectory)).toEqual([]);
});

test("a cluster that ends by itself is said", async () => {
  const { command, output } = await up("--port", "0");
  const [pid] = clusterOf(/(\S+)\/mesos\.log/.exec(output)![1]!);
  process.kill(pid!, "SIGKILL");
  expect(await once(command, "exit")).toEqual([1, null]);
});

test("what goes wrong is said with what to do, and exit code 1", async () => {
  const { port } = await up("--port", "0");
  const { status, stderr } = spawnSync(process.execPath, [program, "mesos", "up", "--port", String(port)], {
    encoding: "utf8",
  });
  expect(stderr).toBe(
    `GLOAM_PORT_TAKEN: port ${port} of 127.0.0.1 cannot be used: another process listens on it\n` +
      "  end that process, or give another port; 0 is any free one\n",
  );
  expect(status).toBe(1);
});

test("a work directory that cannot be made is said too", () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [program, "mesos", "up", "--port=0", "--work-dir=/dev/null/x"],
    {
      encoding: "utf8",
    },
  );
  expect(stderr).toMatch(/^GLOAM_MESOS_START_FAILED: the work directory cannot be made: ENOTDIR/);
  expect(status).toBe(1);
});

test("install says where it is", () => {
  const { stdout } = spawnSync(process.execPath, [program, "mesos", "install"], { encoding: "utf8" });
  expect(stdout).toMatch(/^Apache Mesos 1\.11\.0 is installed in \//);
});
