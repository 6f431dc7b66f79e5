import { expect, test } from "vitest";
import { agentFlags } from "./agent-flags.ts";

test("agents have their number as an attribute", () => {
  expect(agentFlags({ agents: 2 })).toEqual({ count: 2, flags: { attributes: ["agent:1", "agent:2"] } });
});

test("the last attributes hold for the agents that follow", () => {
  expect(agentFlags({ agents: 3, attributes: ["rack:a", "rack:b"] }).flags["attributes"]).toEqual([
    "agent:1;rack:a",
    "agent:2;rack:b",
    "agent:3;rack:b",
  ]);
});

test("the master reads a host name first", () => {
  expect(agentFlags({ agents: 2, hostnames: ["a", "b"] }).flags["hostname"]).toEqual(["127.0.0.1", "a", "b"]);
});

test.each([0, -1, 1.5, 101, Number.NaN])("%d agents are refused", (agents) => {
  expect(() => agentFlags({ agents })).toThrow("GLOAM_ARGUMENT_INVALID: a local Mesos has 1 to 100 agents");
});

test("each agent needs a host name", () => {
  expect(() => agentFlags({ agents: 2, hostnames: ["a"] })).toThrow("there are 1 host names for 2 agents");
});
