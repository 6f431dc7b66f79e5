import { expect, test } from "vitest";
import { clusterEnvironment, type ClusterSettings } from "./cluster-environment.ts";

const settings: ClusterSettings = {
  port: 5050,
  workDirectory: "/w",
  launcherDirectory: "/w/launcher",
  resources: "cpus:1",
  flags: {},
};

test("flags become variables", () => {
  const environment = clusterEnvironment({ ...settings, flags: { "agent-ping-timeout": "3secs", acls: "{}" } }, {});
  expect(environment).toMatchObject({
    LIBPROCESS_IP: "127.0.0.1",
    LIBPROCESS_PORT: "5050",
    MESOS_WORK_DIR: "/w",
    MESOS_LAUNCHER_DIR: "/w/launcher",
    MESOS_RESOURCES: "cpus:1",
    MESOS_AGENT_PING_TIMEOUT: "3secs",
    MESOS_ACLS: "{}",
  });
  expect(environment).not.toHaveProperty("MESOS_CREDENTIALS");
});

test("a flag that is given goes before the one that is set here", () => {
  const { MESOS_ALLOCATION_INTERVAL: interval } = clusterEnvironment(
    { ...settings, flags: { allocation_interval: "1secs" } },
    {},
  );
  expect(interval).toBe("1secs");
});

test("with credentials frameworks must authenticate", () => {
  expect(clusterEnvironment({ ...settings, credentialsFile: "/c" }, {})).toMatchObject({
    MESOS_CREDENTIALS: "file:///c",
    MESOS_AUTHENTICATE_HTTP_FRAMEWORKS: "true",
    MESOS_HTTP_FRAMEWORK_AUTHENTICATORS: "basic",
  });
});

test("little of the environment is handed on", () => {
  const environment = clusterEnvironment(settings, {
    PATH: "/bin",
    LC_ALL: "C",
    GLOAM_CONF_X: "y",
    MESOS_ROLES: "old",
    NODE_OPTIONS: "--inspect",
    SECRET: "s",
  });
  expect(environment).toMatchObject({ PATH: "/bin", LC_ALL: "C" });
  for (const name of ["GLOAM_CONF_X", "MESOS_ROLES", "NODE_OPTIONS", "SECRET"]) {
    expect(environment).not.toHaveProperty(name);
  }
});
