import { checkMessage } from "@gloam/mesos";
import { expect, test } from "vitest";
import { frameworkInfo } from "./framework-info.ts";
import { mesosOptions } from "./mesos-options.ts";
import { configurationOf } from "./testing/configuration-of.ts";

/** What masters are told of an application with these settings, held against the definitions of Mesos. */
function framework(settings: Readonly<Record<string, unknown>> = {}, id?: string) {
  const options = mesosOptions(configurationOf({ "driver.host": "driver.example", "mesos.user": "me", ...settings }), {
    masters: ["a:5050"],
  });
  const info = frameworkInfo(options, id);
  checkMessage("FrameworkInfo", structuredClone(info), { strict: true });
  return info;
}

const capabilities = ["MULTI_ROLE", "PARTITION_AWARE", "TASK_KILLING_STATE", "RESERVATION_REFINEMENT", "REGION_AWARE"];

test("an application of which nothing is said", () => {
  expect(framework({ "app.name": "sums" })).toEqual({
    name: "sums",
    user: "me",
    roles: ["*"],
    checkpoint: true,
    failover_timeout: 600,
    hostname: "driver.example",
    capabilities: capabilities.map((type) => ({ type })),
  });
});

test("one of which much is said", () => {
  const settings = {
    "mesos.role": "etl, web/api",
    "mesos.checkpoint": false,
    "mesos.failoverTimeout": "90s",
    "mesos.gpus": 1,
    "mesos.revocable": true,
    "mesos.labels": "team:data",
    "mesos.principal": "gloam",
    "mesos.secret": "hunter2",
  };
  const info = framework(settings, "framework-1");
  expect(info).toMatchObject({
    id: { value: "framework-1" },
    roles: ["etl", "web/api"],
    checkpoint: false,
    failover_timeout: 90,
    principal: "gloam",
    labels: { labels: [{ key: "team", value: "data" }] },
  });
  expect(info.capabilities?.map(({ type }) => type)).toEqual([...capabilities, "GPU_RESOURCES", "REVOCABLE_RESOURCES"]);
  expect(JSON.stringify(info)).not.toContain("hunter2");
});
