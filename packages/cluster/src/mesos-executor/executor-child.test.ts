import { decodeLaunchSettings } from "@gloam/protocol";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { settings } from "../mesos/testing/fleet-under-test.ts";
import type { ProcessEnd } from "../remote/fleet.ts";
import type { ExecutorChild } from "../process/run-executor.ts";
import { childStarter, type StartChild } from "./executor-child.ts";

let directory: string;
let processes: ChildProcess[];
let lines: AsyncIterator<string>[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-test-"));
  processes = [];
  lines = [];
});
afterEach(() => {
  for (const each of processes) each.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

/** A process that says on its standard output what it reads, and when it is told to go, and ends with its input. */
const script =
  "process.on('SIGTERM', () => console.log('told to go'));" +
  "process.stdin.on('data', (data) => process.stdout.write(data)).on('end', () => process.exit(3));" +
  "console.log('ready');";

function start(command = process.execPath): ChildProcess {
  const child = spawn(command, ["-e", script], { stdio: ["pipe", "pipe", "inherit"] });
  processes.push(child);
  lines.push(createInterface(child.stdout)[Symbol.asyncIterator]());
  return child;
}

/** Waits for the next line that a process says. */
async function line(number: number): Promise<string> {
  const said = await lines[number]?.next();
  if (typeof said?.value !== "string") throw new Error("the process says nothing");
  return said.value;
}

/** Starts an executor with files of its own, and gives how it ends. */
function launch(
  starts: StartChild,
  name: string,
): { readonly child: ExecutorChild; readonly end: Promise<ProcessEnd> } {
  const scratchPath = join(directory, name);
  mkdirSync(scratchPath);
  writeFileSync(join(scratchPath, "block"), "data");
  let child: ExecutorChild | undefined;
  const end = new Promise<ProcessEnd>((resolve) => {
    child = starts({ ...settings, executor: name, scratchPath }, resolve);
  });
  if (child === undefined) throw new Error("nothing was started");
  return { child, end };
}

test("the first gets the spare process, others one of their own, and each its settings", async () => {
  const starts = childStarter(start(), start);
  for (const [index, name] of ["one", "two"].entries()) {
    launch(starts, name);
    expect(processes).toHaveLength(index + 1);
    expect(await line(index)).toBe("ready");
    expect(decodeLaunchSettings(await line(index))).toMatchObject({ executor: name });
  }
});

test("a spare process that has ended before is no executor", async () => {
  const spare = start();
  const starts = childStarter(spare, start);
  spare.kill("SIGKILL");
  await once(spare, "exit");
  launch(starts, "one");
  expect(processes).toHaveLength(2);
  expect(await line(1)).toBe("ready");
});

test("one that could not be started as spare is none either", async () => {
  const spare = start(join(directory, "no-such-command"));
  const starts = childStarter(spare, start);
  await new Promise((resolve) => void spare.once("error", resolve));
  launch(starts, "one");
  expect(processes).toHaveLength(2);
});

test("is asked to go, told that nothing more comes, or ended; its files go with it", async () => {
  const starts = childStarter(start(), start);
  const { child, end } = launch(starts, "one");
  expect(await line(0)).toBe("ready");
  expect(await line(0)).toContain("one");
  child.leave();
  expect(await line(0)).toBe("told to go");
  child.finish();
  expect(await end).toEqual({ code: 3, signal: undefined });
  expect(existsSync(join(directory, "one"))).toBe(false);
  const second = launch(starts, "two");
  second.child.kill();
  expect(await second.end).toEqual({ code: undefined, signal: "SIGKILL" });
  expect(existsSync(join(directory, "two"))).toBe(false);
  // What has ended takes no words.
  child.leave();
  child.finish();
  child.kill();
});

test("that cannot be started has ended", async () => {
  const starts = childStarter(start(), () => start(join(directory, "no-such-command")));
  launch(starts, "one");
  expect(await launch(starts, "two").end).toEqual({ code: 127, signal: undefined });
});

test("whose files cannot be removed ends all the same", async () => {
  writeFileSync(join(directory, "file"), "");
  const starts = childStarter(start(), start);
  const scratchPath = join(directory, "file", "scratch");
  const end = await new Promise<ProcessEnd>((resolve) => starts({ ...settings, scratchPath }, resolve).kill());
  expect(end.signal).toBe("SIGKILL");
});
