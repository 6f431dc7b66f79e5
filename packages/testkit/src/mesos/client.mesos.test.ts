import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installMesos, startMesos, type LocalMesos, type MesosOptions } from "@gloam/cli/mesos";
import { OperatorClient, type MaintenanceWindow, type MasterResponseGetState } from "@gloam/mesos";
import { afterEach, describe, expect, test } from "vitest";
import { runProgram } from "../run-program.ts";
import { TestFramework } from "./test-framework.ts";

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(options: MesosOptions = {}): Promise<LocalMesos> {
  const mesos = await startMesos(options);
  ends.push(() => mesos.stop());
  return mesos;
}

function operatorOf({ port }: LocalMesos): OperatorClient {
  const operator = new OperatorClient({ address: `127.0.0.1:${port}` });
  ends.push(() => operator.close());
  return operator;
}

function frameworkOn(
  { port }: LocalMesos,
  options: ConstructorParameters<typeof TestFramework>[1] = {},
): TestFramework {
  const framework = new TestFramework(port, options);
  ends.push(() => framework.stop());
  return framework;
}

const stateOf = (operator: OperatorClient): Promise<MasterResponseGetState> => operator.call({ type: "GET_STATE" });

test("the definitions are those of the library", async () => {
  const { directory } = await installMesos();
  const extract = fileURLToPath(new URL("../../../mesos/proto/extract.mjs", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [extract, "--check", join(directory, "libmesos.so")], {
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
});

test("the example runs and leaves nothing behind", async () => {
  const mesos = await start({ agents: 2 });
  const example = fileURLToPath(new URL("../../../mesos/example/squares.mjs", import.meta.url));
  const numbers = ["1", "2", "3", "12"];
  const { status, output } = await runProgram(example, { parameters: [`127.0.0.1:${mesos.port}`, ...numbers] });
  expect(status).toBe(0);
  expect(output.trim().split("\n").sort()).toEqual(numbers.map((n) => `${n} squared is ${Number(n) ** 2}`).sort());
  const { get_frameworks, get_tasks, get_executors } = await stateOf(operatorOf(mesos));
  expect(get_frameworks?.frameworks ?? []).toEqual([]);
  expect(get_tasks?.tasks ?? []).toEqual([]);
  expect(get_executors?.executors ?? []).toEqual([]);
});

describe("credentials", () => {
  const credentials = { gloam: "open sesame" };

  test("that are wrong end it at once", async () => {
    const mesos = await start({ credentials });
    const begin = performance.now();
    for (const credential of [{ principal: "gloam", secret: "sesame" }, undefined]) {
      const framework = frameworkOn(mesos, credential && { credential });
      await framework.until(() => framework.failures.length > 0);
      expect(framework.failures.map(({ code }) => code)).toEqual(["GLOAM_MESOS_UNAUTHORIZED"]);
      expect(framework.disconnected).toEqual([]);
    }
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  test("that are right are not in the master's state", async () => {
    const mesos = await start({ credentials });
    const framework = frameworkOn(mesos, { credential: { principal: "gloam", secret: "open sesame" } });
    await framework.until(() => framework.offers.length > 0);
    const state = JSON.stringify(await stateOf(operatorOf(mesos)));
    expect(state).toContain('"principal":"gloam"');
    expect(state).not.toContain("open sesame");
  });
});

test("master and agents that are killed and come back find framework, executor and task", async () => {
  const mesos = await start();
  const framework = frameworkOn(mesos);
  await framework.until(() => framework.offers.length > 0);
  await framework.launch(framework.offers[0]!, "task", 6000);
  await framework.until(() => framework.updatesOf("task").length > 0);
  await mesos.kill();
  await framework.until(() => framework.disconnected.length > 0);
  await mesos.start();
  await framework.until(() => framework.updatesOf("task").some(({ state }) => state === "TASK_FINISHED"));
  expect(new Set(framework.subscriptions).size).toBe(1);
  expect(framework.subscriptions.length).toBe(2);
  const fromExecutor = framework.updatesOf("task").filter(({ source }) => source === "SOURCE_EXECUTOR");
  // At least once each; none of what came again is new.
  expect(new Set(fromExecutor.map(({ uuid }) => uuid)).size).toBe(2);
  expect([...new Set(fromExecutor.map(({ state }) => state))]).toEqual(["TASK_RUNNING", "TASK_FINISHED"]);
});

test("a scheduler that is gone is followed by one with its id, which takes the tasks over", async () => {
  const mesos = await start();
  const first = frameworkOn(mesos);
  await first.until(() => first.offers.length > 0);
  await first.launch(first.offers[0]!, "task", 60_000);
  await first.until(() => first.updatesOf("task").length > 0);
  await first.stop({ teardown: false });
  const id = { value: first.client.frameworkId ?? "" };
  const framework = { user: "root", name: "test", roles: ["test"], checkpoint: true, failover_timeout: 60, id };
  const capabilities = [{ type: "MULTI_ROLE" }, { type: "PARTITION_AWARE" }] as const;
  const heir = frameworkOn(mesos, { framework: { ...framework, capabilities } });
  await heir.until(() => heir.subscriptions.length > 0);
  await heir.client.call({ type: "RECONCILE", reconcile: { tasks: [] } });
  await heir.until(() => heir.updatesOf("task").length > 0);
  expect(heir.updatesOf("task")[0]).toMatchObject({ state: "TASK_RUNNING", reason: "REASON_RECONCILIATION" });
  await heir.client.call({ type: "KILL", kill: { task_id: { value: "task" } } });
  await heir.until(() => heir.updatesOf("task").some(({ state }) => state === "TASK_KILLED"));
});

test("an agent is drained and marked gone by operator calls, and maintenance is announced", async () => {
  const mesos = await start({ agents: 2 });
  const operator = operatorOf(mesos);
  const framework = frameworkOn(mesos);
  await framework.until(() => framework.offers.length === 2);
  const [drained, gone] = framework.offers;
  await framework.launch(drained!, "drained", 60_000);
  await framework.launch(gone!, "gone", 60_000);
  await framework.until(() => ["drained", "gone"].every((id) => framework.updatesOf(id).length > 0));

  const { agents = [] } = await operator.call({ type: "GET_AGENTS" });
  const { hostname } = agents[0]!.agent_info;
  const inAnHour = { nanoseconds: (Math.floor(Date.now() / 1000) + 3600) * 1e9 };
  const window = { machine_ids: [{ hostname, ip: "127.0.0.1" }], unavailability: { start: inAnHour } };
  const schedule = (windows: readonly MaintenanceWindow[]) =>
    operator.call({ type: "UPDATE_MAINTENANCE_SCHEDULE", update_maintenance_schedule: { schedule: { windows } } });
  await schedule([window]);
  const inverseOffers = () =>
    framework.events.flatMap((event) =>
      event.type === "INVERSE_OFFERS" ? (event.inverse_offers.inverse_offers ?? []) : [],
    );
  await framework.until(() => inverseOffers().length >= 2);
  const inverse_offer_ids = inverseOffers().map(({ id }) => id);
  await framework.client.call({ type: "ACCEPT_INVERSE_OFFERS", accept_inverse_offers: { inverse_offer_ids } });
  // Agents in a schedule cannot be drained.
  await schedule([]);

  await operator.call({
    type: "DRAIN_AGENT",
    drain_agent: { agent_id: drained!.agent_id, max_grace_period: { seconds: 5 } },
  });
  await framework.until(() => framework.updatesOf("drained").some(({ reason }) => reason === "REASON_AGENT_DRAINING"));
  await operator.call({ type: "MARK_AGENT_GONE", mark_agent_gone: { agent_id: gone!.agent_id } });
  await framework.until(() => framework.updatesOf("gone").some(({ state }) => state === "TASK_GONE_BY_OPERATOR"));
  const drainedNow = (await operator.call({ type: "GET_AGENTS" })).agents ?? [];
  expect(drainedNow.map(({ agent_info }) => agent_info.id)).toEqual([drained!.agent_id]);
  expect(drainedNow[0]?.drain_info?.state).toMatch(/DRAINING|DRAINED/);
});
