import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { LocalMesos } from "../local-mesos.ts";
import { eventually, processesOf } from "./processes.ts";
import { subscribe } from "./subscribe.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** What is needed of a cluster. */
type Cluster = Pick<LocalMesos, "port" | "workDirectory">;

/** An executor that runs no task, but stays with its agent over restarts. A child of it sleeps. */
const sleeper = `
const { MESOS_AGENT_ENDPOINT: endpoint, MESOS_SLAVE_PID: agent, MESOS_FRAMEWORK_ID, MESOS_EXECUTOR_ID } = process.env;
const subscription = {
  type: "SUBSCRIBE",
  framework_id: { value: MESOS_FRAMEWORK_ID },
  executor_id: { value: MESOS_EXECUTOR_ID },
  subscribe: { unacknowledged_tasks: [], unacknowledged_updates: [] },
};
for (;;) {
  try {
    const url = "http://" + endpoint + "/" + agent.split("@")[0] + "/api/v1/executor";
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(subscription) });
    for await (const bytes of response.body) console.log(Buffer.from(bytes).toString());
  } catch {}
  await new Promise((resolve) => setTimeout(resolve, 100));
}
`;

/** Starts an executor, and waits until it has subscribed. It is gone when the test has ended. */
export async function startSleeper(mesos: Cluster): Promise<void> {
  const framework = await subscribe(mesos);
  const { offers } = (await framework.next("OFFERS")) as {
    offers: { id: unknown; agent_id: unknown; resources: { name: string }[] }[];
  };
  const [offer] = offers;
  const resources = offer!.resources
    .filter(({ name }) => name === "cpus" || name === "mem")
    .map((resource) => ({ ...resource, scalar: { value: resource.name === "cpus" ? 0.1 : 32 } }));
  const script = join(temporaryDirectory(), "sleeper.mjs");
  writeFileSync(script, sleeper);
  const command = { value: `env > environment; sleep 1000 & exec '${process.execPath}' '${script}'` };
  const executor = { type: "CUSTOM", executor_id: { value: "sleeper" }, command, resources };
  const task = { name: "t", task_id: { value: "t" }, agent_id: offer!.agent_id, executor, resources };
  const launch = { type: "LAUNCH", launch: { task_infos: [task] } };
  const status = await framework.call({ type: "ACCEPT", accept: { offer_ids: [offer!.id], operations: [launch] } });
  expect(status).toBe(202);
  onTestFinished(() => {
    for (const pid of sleepers(mesos)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // What started it has ended with it.
      }
    }
  });
  await eventually("the executor has subscribed", () => readSandbox(mesos, "stdout").includes('"SUBSCRIBED"'));
  expect(sleepers(mesos)).toHaveLength(3);
}

/** A file in the sandbox of the only executor; empty when it is not there. */
export function readSandbox(mesos: Cluster, name: string): string {
  const file = sleepers(mesos)
    .map((pid) => `/proc/${pid}/cwd/${name}`)
    .find((path) => existsSync(path));
  return file === undefined ? "" : readFileSync(file, "utf8");
}

/** What started the executor, itself and its child. */
export function sleepers(mesos: Cluster): number[] {
  return processesOf(`${mesos.workDirectory}/agents/`);
}
