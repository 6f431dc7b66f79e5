import { describe, expect, test } from "vitest";
import { executorEnvironment } from "./executor-environment.ts";
import { parseMesosDuration } from "./mesos-duration.ts";

const least = {
  MESOS_SLAVE_PID: "slave(2)@10.0.0.7:5051",
  MESOS_FRAMEWORK_ID: "f",
  MESOS_EXECUTOR_ID: "e",
  MESOS_DIRECTORY: "/var/sandbox",
};

describe("executorEnvironment", () => {
  test("takes the agent's path from its process id, and Mesos's defaults for what is not set", () => {
    expect(executorEnvironment(least)).toEqual({
      agentOrigin: "http://10.0.0.7:5051",
      agentPath: "/slave(2)/api/v1/executor",
      frameworkId: "f",
      executorId: "e",
      directory: "/var/sandbox",
      sandbox: "/var/sandbox",
      checkpoint: false,
      recoveryTimeout: 900_000,
      subscriptionBackOffMost: 2000,
      shutdownGracePeriod: 5000,
      authenticationToken: undefined,
      domainSocket: undefined,
    });
  });

  test("reads everything that an agent sets", () => {
    const environment = executorEnvironment({
      ...least,
      MESOS_SLAVE_PID: "slave(1)@10.0.0.7:5051",
      MESOS_AGENT_ENDPOINT: "agent.example:5051",
      MESOS_SANDBOX: "/mnt/mesos/sandbox",
      MESOS_CHECKPOINT: "1",
      MESOS_RECOVERY_TIMEOUT: "2mins",
      MESOS_SUBSCRIPTION_BACKOFF_MAX: "500ms",
      MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: "1.5secs",
      MESOS_EXECUTOR_AUTHENTICATION_TOKEN: "token",
      MESOS_DOMAIN_SOCKET: "/run/agent.sock",
      LIBPROCESS_SSL_ENABLED: "true",
    });
    expect(environment).toMatchObject({
      agentOrigin: "https://agent.example:5051",
      agentPath: "/slave(1)/api/v1/executor",
      sandbox: "/mnt/mesos/sandbox",
      checkpoint: true,
      recoveryTimeout: 120_000,
      subscriptionBackOffMost: 500,
      shutdownGracePeriod: 1500,
      authenticationToken: "token",
      domainSocket: "/run/agent.sock",
    });
  });

  test.each(Object.keys(least))("wants %s", (name) => {
    expect(() => executorEnvironment({ ...least, [name]: undefined })).toThrow(
      `GLOAM_MESOS_ENVIRONMENT: ${name} is not set`,
    );
  });

  test.each([
    ["MESOS_SLAVE_PID", "10.0.0.7:5051"],
    ["MESOS_SLAVE_PID", "slave(1)/../x@10.0.0.7:5051"],
    ["MESOS_RECOVERY_TIMEOUT", "soon"],
    ["MESOS_AGENT_ENDPOINT", "a b"],
  ])("refuses %s=%s", (name, value) => {
    expect(() => executorEnvironment({ ...least, [name]: value })).toThrow(`GLOAM_MESOS_ENVIRONMENT: ${name} is no`);
  });
});

test.each([
  ["15mins", 900_000],
  ["1.5secs", 1500],
  ["250ms", 250],
  ["1hrs", 3_600_000],
  ["500000ns", 0.5],
  ["7", undefined],
  ["1fortnight", undefined],
  ["1constructor", undefined],
])("the duration %s", (text, milliseconds) => {
  expect(parseMesosDuration(text)).toBe(milliseconds);
});
