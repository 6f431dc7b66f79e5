import { expect, test } from "vitest";
import { supervisorCommand } from "./supervisor-command.ts";

const options = { node: "node", environment: [], uris: [], runtime: { home: "/opt/gloam" } };
const entry = "/opt/gloam/node_modules/@gloam/cluster/dist/mesos-executor.js";

test("Mesos's own containerizer is told what the process calls itself, as execve is", () => {
  expect(supervisorCommand(options)).toEqual({ shell: false, value: "node", arguments: ["node", entry] });
  const container = { type: "MESOS", mesos: {} } as const;
  expect(supervisorCommand({ ...options, container }).arguments).toEqual(["node", entry]);
});

test("Docker's containerizer runs the value with the arguments behind it", () => {
  const container = { type: "DOCKER", docker: { image: "node:22" } } as const;
  expect(supervisorCommand({ ...options, container })).toMatchObject({ value: "node", arguments: [entry] });
});
