import { checkMessage, type ExecutorInfo } from "@gloam/mesos";
import { decodeLaunchSettings } from "@gloam/protocol";
import { expect, test } from "vitest";
import { executorTask, hostOf, supervisorInfo, type ExecutorTemplate } from "./executor-template.ts";
import { settings } from "./testing/fleet-under-test.ts";
import { offerOf, scalar } from "./testing/offers.ts";

const template: ExecutorTemplate = {
  name: "sums",
  command: { shell: false, value: "node", arguments: ["node", "x.js"] },
  killGrace: 1500.4,
};
const labels = { labels: [{ key: "team", value: "data" }] };
const container = { type: "MESOS" as const, mesos: {}, network_infos: [{ name: "overlay" }] };

function supervisor(of: ExecutorTemplate): ExecutorInfo {
  const info = supervisorInfo(of, { id: "p-agent-1", resources: [scalar("cpus", 0.1)] });
  checkMessage("ExecutorInfo", structuredClone(info), { strict: true });
  return info;
}

test("a Mesos executor", () => {
  expect(supervisor(template)).toEqual({
    type: "CUSTOM",
    executor_id: { value: "p-agent-1" },
    name: "sums on this agent",
    source: "sums",
    command: template.command,
    resources: [scalar("cpus", 0.1)],
  });
  expect(supervisor({ ...template, labels, container })).toMatchObject({ labels, container });
});

test("a task of it, with the secret in its data alone", () => {
  const offer = offerOf({ agent: "a" });
  const info = supervisor(template);
  const resources = [scalar("cpus", 1)];
  const given = {
    id: "p-executor-7",
    offer,
    supervisor: info,
    resources,
    settings: { ...settings, executor: "executor-7" },
  };
  const task = executorTask({ ...template, labels }, given);
  checkMessage("TaskInfo", structuredClone(task), { strict: true });
  const { data = "", ...open } = task;
  expect(open).toEqual({
    name: "sums executor-7",
    task_id: { value: "p-executor-7" },
    agent_id: { value: "a" },
    executor: info,
    resources,
    kill_policy: { grace_period: { nanoseconds: 1_500_000_000 } },
    labels,
  });
  expect(decodeLaunchSettings(Buffer.from(data, "base64").toString())).toEqual(given.settings);
  expect(JSON.stringify(open)).not.toContain(settings.secret);
});

test("an agent's address is the one that it tells, or else its host's name", () => {
  expect(hostOf(offerOf({ hostname: "h.example" }))).toBe("h.example");
  const url = { scheme: "http", address: { ip: "10.0.0.7", port: 5051 }, path: "/slave(1)" };
  expect(hostOf(offerOf({ url }))).toBe("10.0.0.7");
  const named = { ...url, address: { hostname: "other", port: 5051 } };
  expect(hostOf(offerOf({ hostname: "h.example", url: named }))).toBe("h.example");
});
