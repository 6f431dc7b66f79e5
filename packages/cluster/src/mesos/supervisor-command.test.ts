import { checkMessage } from "@gloam/mesos";
import { expect, test } from "vitest";
import { supervisorCommand, type SupervisorCommandOptions } from "./supervisor-command.ts";

/** The command that these options make, held against the definitions of Mesos. */
function command(options: Partial<SupervisorCommandOptions> = {}) {
  const made = supervisorCommand({
    node: "node",
    environment: [],
    uris: [],
    runtime: { home: "/opt/gloam" },
    ...options,
  });
  checkMessage("CommandInfo", structuredClone(made), { strict: true });
  return made;
}

test("runs what is installed on the agent", () => {
  expect(command({ node: "/opt/node/bin/node" })).toEqual({
    shell: false,
    value: "/opt/node/bin/node",
    arguments: ["/opt/node/bin/node", "/opt/gloam/node_modules/@gloam/cluster/dist/mesos-executor.js"],
  });
});

test("fetches what is not", () => {
  const { arguments: words } = command({ runtime: { url: "http://driver.example:1/x", sha256: "ab12" } });
  expect(words?.[0]).toBe("node");
  expect(words).toEqual(expect.arrayContaining(["http://driver.example:1/x", "ab12"]));
  expect(words?.at(-1)).toBe("node_modules/@gloam/cluster/dist/mesos-executor.js");
});

test("has files fetched, once for each agent, and an environment", () => {
  expect(
    command({
      uris: ["hdfs://a/b.tar.gz", "http://c/d"],
      environment: [
        ["LANG", "C"],
        ["EMPTY", ""],
      ],
    }),
  ).toMatchObject({
    uris: [
      { value: "hdfs://a/b.tar.gz", cache: true },
      { value: "http://c/d", cache: true },
    ],
    environment: {
      variables: [
        { name: "LANG", type: "VALUE", value: "C" },
        { name: "EMPTY", type: "VALUE", value: "" },
      ],
    },
  });
});
