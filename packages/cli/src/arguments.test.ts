import { describe, expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";

const run = (script: string, scriptArguments: string[] = [], settings: Record<string, string> = {}) => ({
  kind: "run",
  script,
  scriptArguments,
  settings,
});

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
    [["run", "--conf", "speculation", "a.ts"], "'speculation' is no setting", "write --conf key=value"],
  ])("%j", (parameters, message, hint) => {
    expect(() => parseArguments(parameters)).toThrow(
      expect.objectContaining({ code: "GLOAM_ARGUMENT_INVALID", message: `GLOAM_ARGUMENT_INVALID: ${message}`, hint }),
    );
  });
});
