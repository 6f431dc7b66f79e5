import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { installMesos } from "./install-mesos.ts";
import type { LocalMesos } from "./local-mesos.ts";
import { startMesos, type MesosOptions } from "./start-mesos.ts";
import { eventually, processesOf } from "./testing/processes.ts";
import { readSandbox, sleepers, startSleeper } from "./testing/sleeper.ts";
import { subscribe } from "./testing/subscribe.ts";
import { temporaryDirectory } from "./testing/temporary-directory.ts";

async function start(options: MesosOptions = {}): Promise<LocalMesos> {
  const mesos = await startMesos(options);
  onTestFinished(() => mesos.stop());
  return mesos;
}

interface State {
  readonly slaves: readonly {
    readonly id: string;
    readonly pid: string;
    readonly hostname: string;
    readonly attributes: Readonly<Record<string, string | number>>;
  }[];
  readonly frameworks: readonly unknown[];
  readonly flags: Readonly<Record<string, string>>;
}

async function readState({ port }: { readonly port: number }): Promise<State> {
  return (await (await fetch(`http://127.0.0.1:${port}/master/state`)).json()) as State;
}

/** What the master answers to a call of the operator API; undefined when it only says that it has done it. */
async function callOperator({ port }: LocalMesos, call: Readonly<Record<string, unknown>>): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(call),
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return text === "" ? undefined : JSON.parse(text);
}

/** In the order of their numbers. */
function agentsOf(state: State): State["slaves"] {
  return state.slaves.toSorted((a, b) => Number(a.attributes["agent"]) - Number(b.attributes["agent"]));
}

test("a cluster has a master, and agents that can be told apart", async () => {
  const mesos = await start({ agents: 2, attributes: ["rack:a;zone:1", "rack:b"] });
  expect(mesos.agents).toBe(2);
  const state = await readState(mesos);
  expect(state.frameworks).toEqual([]);
  expect(agentsOf(state).map(({ attributes, hostname }) => ({ ...attributes, hostname }))).toEqual([
    { agent: 1, rack: "a", zone: 1, hostname: "127.0.0.1" },
    { agent: 2, rack: "b", hostname: "127.0.0.1" },
  ]);
  expect(new Set(state.slaves.map(({ pid }) => pid))).toEqual(
    new Set([1, 2].map((number) => `slave(${number})@127.0.0.1:${mesos.port}`)),
  );
  expect(await callOperator(mesos, { type: "GET_VERSION" })).toMatchObject({
    get_version: { version_info: { version: "1.11.0" } },
  });
});

test("agents may have hosts of their own, and flags", async () => {
  const mesos = await start({
    agents: 2,
    hostnames: ["127.0.0.1", "127.0.0.2"],
    flags: { "agent-ping-timeout": "3secs" },
  });
  const state = await readState(mesos);
  expect(agentsOf(state).map(({ hostname }) => hostname)).toEqual(["127.0.0.1", "127.0.0.2"]);
  expect(state.flags["agent_ping_timeout"]).toBe("3secs");
});

test("agents with hosts of their own have maintenance of their own", async () => {
  const mesos = await start({ agents: 2, hostnames: ["127.0.0.1", "127.0.0.2"] });
  const window = {
    machine_ids: [{ hostname: "127.0.0.2", ip: "127.0.0.1" }],
    unavailability: { start: { nanoseconds: Date.now() * 1e6 } },
  };
  const schedule = { windows: [window] };
  await callOperator(mesos, { type: "UPDATE_MAINTENANCE_SCHEDULE", update_maintenance_schedule: { schedule } });
  const framework = await subscribe(mesos);
  const offers: { hostname: string; unavailability?: unknown }[] = [];
  while (offers.length < 2) offers.push(...((await framework.next("OFFERS"))["offers"] as typeof offers));
  const affected = offers.filter(({ unavailability }) => unavailability !== undefined);
  expect(affected.map(({ hostname }) => hostname)).toEqual(["127.0.0.2"]);
});

test("after SIGKILL it goes on with the same agents and executors", async () => {
  const mesos = await start({ agents: 2 });
  const before = agentsOf(await readState(mesos));
  await startSleeper(mesos);
  const running = sleepers(mesos);
  await mesos.kill();
  await expect(readState(mesos)).rejects.toThrow();
  expect(sleepers(mesos)).toEqual(running);
  await mesos.start();
  expect(agentsOf(await readState(mesos)).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(sleepers(mesos)).toEqual(running);
});

test("the same work directory is the same cluster", async () => {
  const workDirectory = temporaryDirectory();
  const first = await start({ agents: 2, workDirectory });
  const before = agentsOf(await readState(first));
  await first.stop();
  const second = await start({ agents: 2, workDirectory, port: first.port });
  expect(agentsOf(await readState(second))).toMatchObject(before.map(({ id }) => ({ id })));
  await second.stop();
  expect(existsSync(workDirectory)).toBe(true);
});

describe("nothing is left", () => {
  test("when it is stopped", async () => {
    const mesos = await start();
    await startSleeper(mesos);
    await mesos.stop();
    expect(processesOf(mesos.workDirectory)).toEqual([]);
    expect(existsSync(mesos.workDirectory)).toBe(false);
  });

  test("when it is stopped after it was killed", async () => {
    const mesos = await start();
    await startSleeper(mesos);
    await mesos.kill();
    await mesos.stop();
    expect(processesOf(mesos.workDirectory)).toEqual([]);
  });

  test("when who started it is killed", async () => {
    const entry = fileURLToPath(new URL("../../dist/mesos/index.js", import.meta.url));
    const script = `
      const { startMesos } = await import(${JSON.stringify(entry)});
      const { port, workDirectory } = await startMesos();
      process.stdout.write(JSON.stringify({ port, workDirectory }));
      setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => {
      starter.kill("SIGKILL");
    });
    const [line] = (await once(starter.stdout, "data")) as [Buffer];
    const mesos = JSON.parse(line.toString()) as { port: number; workDirectory: string };
    await startSleeper(mesos);
    starter.kill("SIGKILL");
    await eventually("all processes have ended", () => processesOf(mesos.workDirectory).length === 0);
    await eventually("the work directory is removed", () => !existsSync(mesos.workDirectory));
  });
});

test("executors get nothing of the environment of whoever started the cluster", async () => {
  process.env["GLOAM_CONF_APP_NAME"] = "not for executors";
  onTestFinished(() => {
    delete process.env["GLOAM_CONF_APP_NAME"];
  });
  const mesos = await start();
  await startSleeper(mesos);
  const environment = readSandbox(mesos, "environment");
  expect(environment).toMatch(/^MESOS_AGENT_ENDPOINT=127\.0\.0\.1:/m);
  expect(environment).toMatch(/^PATH=/m);
  expect(environment).not.toContain("GLOAM");
});

describe("authentication", () => {
  const basic = (principal: string, secret: string): string => `Basic ${btoa(`${principal}:${secret}`)}`;

  test("is off unless there are credentials", async () => {
    const mesos = await start();
    expect((await subscribe(mesos)).status).toBe(200);
  });

  test("asks frameworks for their secret", async () => {
    const mesos = await start({ credentials: { ada: "lovelace" } });
    expect((await subscribe(mesos)).status).toBe(401);
    expect((await subscribe(mesos, basic("ada", "wrong"))).status).toBe(401);
    expect((await subscribe(mesos, basic("ada", "lovelace"))).status).toBe(200);
  });

  test("takes a file, and may hide the state too", async () => {
    const file = join(temporaryDirectory(), "credentials");
    writeFileSync(file, '{ "credentials": [{ "principal": "ada", "secret": "lovelace" }] }', { mode: 0o600 });
    const mesos = await start({ credentials: file, flags: { authenticate_http_readonly: "true" } });
    expect(mesos.agents).toBe(1);
    expect((await fetch(`http://127.0.0.1:${mesos.port}/master/state`)).status).toBe(401);
    expect((await subscribe(mesos, basic("ada", "lovelace"))).status).toBe(200);
  });
});

describe("what is wrong is said", () => {
  test("a flag that Mesos does not take", async () => {
    const starting = startMesos({ flags: { allocation_interval: "soon" } });
    await expect(starting).rejects.toMatchObject({
      code: "GLOAM_MESOS_START_FAILED",
      message: expect.stringContaining("allocation_interval") as string,
    });
  });

  test("a port that is taken", async () => {
    const { port } = await start();
    await expect(startMesos({ port })).rejects.toMatchObject({ code: "GLOAM_PORT_TAKEN" });
  });

  test("a work directory in which a cluster runs, which goes on", async () => {
    const mesos = await start();
    await startSleeper(mesos);
    await expect(startMesos({ workDirectory: mesos.workDirectory })).rejects.toMatchObject({
      code: "GLOAM_MESOS_START_FAILED",
      message: expect.stringContaining(`another cluster runs in ${mesos.workDirectory}`) as string,
    });
    expect(sleepers(mesos)).toHaveLength(3);
  });
});

test("an agent that was marked gone does not hold up a restart for long", async () => {
  const mesos = await start({ agents: 2 });
  const [first] = agentsOf(await readState(mesos));
  await callOperator(mesos, { type: "MARK_AGENT_GONE", mark_agent_gone: { agent_id: { value: first!.id } } });
  await mesos.kill();
  await mesos.start();
  expect(mesos.agents).toBe(1);
});

test("the package is fetched and built in an empty directory", async () => {
  const home = temporaryDirectory();
  const lines: string[] = [];
  const { directory } = await installMesos({ home, say: (line) => lines.push(line) });
  expect(lines.at(-1)).toBe(`installing Apache Mesos 1.11.0 in ${home}`);
  expect(readdirSync(home)).toHaveLength(1);
  expect(readdirSync(directory).toSorted()).toEqual([
    "libcrypto.so.1.0.0",
    "libcurl.so.4",
    "libmesos.so",
    "libpython2.7.so",
    "libssl.so.1.0.0",
  ]);
  const mesos = await start({ home });
  expect(mesos.agents).toBe(1);
});
