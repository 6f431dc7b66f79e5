import { expect, test } from "vitest";
import { childEnvironment } from "./spawn-child.ts";

test("an executor gets the environment, without what is the Mesos executor's own", () => {
  const kept = {
    PATH: "/bin",
    LANG: "C",
    GLOAM_CONF_LOG_LEVEL: "info",
    MESOS_SANDBOX: "/sandbox",
    MESOS_DIRECTORY: "/directory",
    CUDA_VISIBLE_DEVICES: "0",
    MY_MESOS_NAME: "x",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
  };
  const own = {
    NODE_OPTIONS: "--inspect",
    NODE_CHANNEL_FD: "3",
    MESOS_EXECUTOR_AUTHENTICATION_TOKEN: "hunter2",
    MESOS_AGENT_ENDPOINT: "10.0.0.1:5051",
    MESOS_FRAMEWORK_ID: "f",
    MESOS_EXECUTOR_ID: "e",
    MESOS_SLAVE_PID: "slave(1)@10.0.0.1:5051",
    MESOS_SANDBOX_OTHER: "x",
    LIBPROCESS_PORT: "0",
    LIBPROCESS_SSL_KEY_FILE: "/key",
  };
  expect(childEnvironment({ ...kept, ...own })).toEqual(kept);
});
