import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeMachine } from "./testing/fake-machine.ts";
import { installMesos } from "./install-mesos.ts";

let directory: string;
let home: string;
let machine: FakeMachine;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-install-"));
  home = join(directory, "not", "there", "yet");
  machine = new FakeMachine();
  machine.does = (_, parameters) => {
    const library = parameters.find((word) => word.endsWith("libmesos.so"));
    if (library !== undefined) writeFileSync(library, "");
    return { status: 0, output: "" };
  };
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What each command was for. */
function steps(): string[] {
  return machine.commands.map((command) => /pip|fetch_library|build_stand_ins/.exec(command)?.[0] ?? command);
}

test("an installation is made once", async () => {
  const first = await installMesos({ home, machine });
  expect(steps()).toEqual(["pip", "fetch_library", "build_stand_ins"]);
  expect(readdirSync(first.directory)).toEqual(["libmesos.so"]);
  expect(first.python).toBe("/usr/bin/python3.11");
  expect(await installMesos({ home, machine })).toEqual(first);
  expect(steps()).toHaveLength(3);
});

test("two at once are one", async () => {
  const [first, second] = await Promise.all([installMesos({ home, machine }), installMesos({ home, machine })]);
  expect(steps()).toHaveLength(6);
  expect(second).toEqual(first);
  expect(readdirSync(home)).toHaveLength(1);
});

test("one that fails leaves nothing, and says at which step", async () => {
  machine.does = (_, parameters) =>
    parameters.some((word) => word.includes("fetch_library"))
      ? { status: 1, output: "Download error on the index\n" }
      : { status: 0, output: "" };
  await expect(installMesos({ home, machine })).rejects.toMatchObject({
    code: "GLOAM_MESOS_INSTALL_FAILED",
    message:
      "GLOAM_MESOS_INSTALL_FAILED: fetching mesos.scheduler failed, with exit code 1\nDownload error on the index",
  });
  expect(readdirSync(home)).toEqual([]);
});

test("what an interrupted one left is removed when nobody can be at work on it", async () => {
  for (const name of [".unfinished-old", ".unfinished-new"]) {
    mkdirSync(join(home, name), { recursive: true });
    writeFileSync(join(home, name, "libmesos.so"), "");
  }
  const hours = Date.now() / 1000 - 2 * 3600;
  utimesSync(join(home, ".unfinished-old"), hours, hours);
  await installMesos({ home, machine });
  expect(readdirSync(home).toSorted()).toEqual([".unfinished-new", expect.stringMatching(/^1\.11\.0-/)]);
});

test("one of another version stays beside it", async () => {
  mkdirSync(join(home, "1.10.0-00000000"), { recursive: true });
  await installMesos({ home, machine });
  expect(readdirSync(home)).toHaveLength(2);
});

test("a place that cannot be written to is named", async () => {
  const file = join(directory, "file");
  writeFileSync(file, "");
  await expect(installMesos({ home: join(file, "mesos"), machine })).rejects.toMatchObject({
    code: "GLOAM_MESOS_INSTALL_FAILED",
    message: expect.stringContaining(`cannot be installed in ${join(file, "mesos")}`) as string,
    hint: expect.stringContaining("GLOAM_MESOS_HOME") as string,
  });
});
