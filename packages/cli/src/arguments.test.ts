import { describe, expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";

const run = (script: string, scriptArguments: string[] = [], settings: Record<string, string> = {}) => ({
  kind: "run",
  script,
  scriptArguments,
  settings,
});

const up = (options: object) => ({ kind: "mesos-up", options: { port: 5050, ...options } });

test.each([
  [[], { kind: "help" }],
  [["--help"], { kind: "help" }],
  [["run", "--help"], { kind: "help" }],
  [["--version"], { kind: "version" }],
  [["run", "a.ts"], run("a.ts")],
  [["run", "a.ts", "x", "--y", "-z"], run("a.ts", ["x", "--y", "-z"])],
  [["run", "--master", "local[2]", "a.ts"], run("a.ts", [], { master: "local[2]" })],
  [["run", "--master=local[2]", "a.ts"], run("a.ts", [], { master: "local[2]" })],
  [["run", "a.ts", "x", "--name", "n", "y"], run("a.ts", ["x", "y"], { "app.name": "n" })],
  [["run", "a.ts", "--", "--name", "n"], run("a.ts", ["--name", "n"])],
  [["run", "--", "--odd.ts", "--name"], run("--odd.ts", ["--name"])],
  [["run", "a.ts", "--conf", "x.y=1=2", "--conf=z="], run("a.ts", [], { "x.y": "1=2", z: "" })],
  [["run", "--executor-memory", "2g", "a.ts"], run("a.ts", [], { "executor.memory": "2g" })],
  [["run", "--name", "first", "a.ts", "--name", "last"], run("a.ts", [], { "app.name": "last" })],
  [["run", "a.ts", "--help"], run("a.ts", ["--help"])],
  [["mesos"], { kind: "mesos-help" }],
  [["mesos", "up", "--help"], { kind: "mesos-help" }],
  [["mesos", "install"], { kind: "mesos-install" }],
  [["mesos", "up"], up({})],
  [["mesos", "up", "--agents", "2", "--port=0"], up({ agents: 2, port: 0 })],
  [["mesos", "up", "--work-dir", "w", "--resources", "cpus:1"], up({ workDirectory: "w", resources: "cpus:1" })],
  [["mesos", "up", "--attributes", "a:1", "--attributes=a:2"], up({ attributes: ["a:1", "a:2"] })],
  [
    ["mesos", "up", "--hostname", "127.0.0.1", "--credentials", "c"],
    up({ hostnames: ["127.0.0.1"], credentials: "c" }),
  ],
  [["mesos", "up", "--set", "a=1", "--set=--b=c=d"], up({ flags: { a: "1", b: "c=d" } })],
])("%j", (parameters, command) => {
  expect(parseArguments(parameters)).toEqual(command);
});

describe("what is refused, and what to do", () => {
  test.each([
    [["a.ts"], "there is no command 'a.ts'", "did you mean 'gloam run a.ts'?"],
    [["rum"], "there is no command 'rum'", "did you mean 'gloam run'?"],
    [["run"], "there is no script to run", "write gloam run script.ts"],
    [["run", "--mastr", "x", "a.ts"], "there is no option '--mastr'", "did you mean '--master'?"],
    [["run", "-x", "a.ts"], "there is no option '-x'", "see gloam --help"],
    [["run", "--master"], "--master needs a value", "write --master MASTER"],
    [["mesos", "upp"], "there is no command 'mesos upp'", "did you mean 'gloam mesos up'?"],
    [["mesos", "up", "--agent", "2"], "gloam mesos up has no option '--agent'", "did you mean '--agents'?"],
    [["mesos", "install", "--agents", "2"], "gloam mesos install has no option '--agents'", "see gloam mesos --help"],
    [
      ["mesos", "up", "--agents", "0"],
      "--agents takes a whole number from 1 to 100, not '0'",
      "see gloam mesos --help",
    ],
    [
      ["mesos", "up", "--port", "65536"],
      "--port takes a whole number from 0 to 65535, not '65536'",
      "see gloam mesos --help",
    ],
    [["mesos", "up", "--set", "flag"], "'flag' sets no flag", "write --set flag=value"],
    [["run", "--conf", "speculation", "a.ts"], "'speculation' is no setting", "write --conf key=value"],
  ])("%j", (parameters, message, hint) => {
    expect(() => parseArguments(parameters)).toThrow(
      expect.objectContaining({ code: "GLOAM_ARGUMENT_INVALID", message: `GLOAM_ARGUMENT_INVALID: ${message}`, hint }),
    );
  });
});
