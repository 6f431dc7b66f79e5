import { isGloamError, type GloamError } from "@gloam/common";
import { beforeEach, expect, test } from "vitest";
import { FakeMachine } from "./testing/fake-machine.ts";
import { meetRequirements } from "./meet-requirements.ts";

let machine: FakeMachine;
let said: string[];

beforeEach(() => {
  machine = new FakeMachine();
  said = [];
});

const meet = (purpose: "install" | "run" = "install") => meetRequirements(machine, purpose, (line) => said.push(line));

async function refusal(): Promise<GloamError> {
  const error = await meet().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isGloamError(error)) throw new Error("it was not refused");
  expect(error.code).toBe("GLOAM_MESOS_REQUIREMENT_MISSING");
  return error;
}

test("a machine that has everything is left alone", async () => {
  expect(await meet()).toBe("/usr/bin/python3.11");
  expect(machine.commands).toEqual([]);
  expect(said).toEqual([]);
});

test("whoever is not root is told what root has to run", async () => {
  machine.libraries.delete("libapr-1.so.0");
  machine.libraries.delete("libsvn_delta-1.so.1");
  machine.libraries.delete("libsvn_subr-1.so.1");
  machine.programs.delete("gcc");
  const { message, hint } = await refusal();
  expect(message).toBe(
    "GLOAM_MESOS_REQUIREMENT_MISSING: the local Mesos needs what this machine lacks: gcc, libsvn_delta-1.so.1, " +
      "libsvn_subr-1.so.1, libapr-1.so.0",
  );
  expect(hint).toBe("run as root: apt-get update && apt-get install -y --no-install-recommends gcc libsvn1 libapr1");
  expect(machine.commands).toEqual([]);
});

test("without Python there is no pip either", async () => {
  machine.programs.delete("python3");
  const { message, hint } = await refusal();
  expect(message).toContain("lacks: Python 3.8 or newer, pip for python3");
  expect(hint).toContain(" python3 python3-pip");
});

test("Python may be too old", async () => {
  machine.python = "";
  expect((await refusal()).message).toContain("lacks: Python 3.8 or newer");
});

test("Python may lack pip", async () => {
  machine.hasPip = false;
  expect((await refusal()).message).toContain("lacks: pip for python3");
});

test("where there is no apt-get, what is missing is named", async () => {
  machine.isRoot = true;
  machine.programs.delete("apt-get");
  machine.libraries.delete("libsasl2.so.2");
  const { message, hint } = await refusal();
  expect(message).toContain("lacks: libsasl2.so.2");
  expect(hint).toBe("install them with this system's package manager (in Debian they are in libsasl2-2)");
});

test("what only builds it is not needed once it is installed", async () => {
  machine.programs.delete("gcc");
  machine.hasPip = false;
  await meet("run");
});

test("root gets what is missing", async () => {
  machine.isRoot = true;
  machine.libraries.delete("libapr-1.so.0");
  machine.does = () => {
    machine.libraries.add("libapr-1.so.0");
    return { status: 0, output: "" };
  };
  await meet();
  expect(machine.commands).toEqual(["sh -c apt-get update && apt-get install -y --no-install-recommends libapr1"]);
  expect(said).toEqual(["installing with apt-get: libapr1"]);
});

test("and is told what apt-get said when that fails", async () => {
  machine.isRoot = true;
  machine.libraries.delete("libapr-1.so.0");
  machine.does = () => ({ status: 100, output: "1\n2\n3\n4\n5\nE: Unable to locate package libapr1\n" });
  const { message } = await refusal();
  expect(message).toMatch(/apt-get ended with 100, and said:\n2\n3\n4\n5\nE: Unable to locate package libapr1$/);
});

test.each([
  ["darwin", "arm64"],
  ["linux", "arm64"],
  ["win32", "x64"],
])("%s on %s is refused", async (platform, architecture) => {
  Object.assign(machine, { platform, architecture });
  const { message, hint } = await refusal();
  expect(message).toContain(`this is ${platform} on ${architecture}`);
  expect(hint).toContain("container");
});
