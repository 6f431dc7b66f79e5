import type { GloamEvent } from "@gloam/common";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EventLog } from "./event-log.ts";

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), "gloam-log-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(path = join(directory, "logs")) {
  const warnings: string[] = [];
  const due: (() => void)[] = [];
  const log = new EventLog({
    directory: path,
    applicationId: "app",
    timers: { after: (_, action) => (due.push(action), () => void due.splice(0)) },
    logger: { warn: (message) => warnings.push(message) },
  });
  return { log, warnings, due };
}

const event = (stage: number): GloamEvent => ({
  type: "stageCompleted",
  time: 1.5,
  stage,
  attempt: 0,
  succeeded: true,
});

function linesOf(name: string): unknown[] {
  const text = readFileSync(join(directory, "logs", name), "utf8");
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line) as unknown); // prettier-ignore
}

test("events are lines, in order, and the file gets its name when it is closed", async () => {
  const { log, warnings, due } = open();
  expect(readdirSync(join(directory, "logs"))).toEqual(["app.jsonl.inprogress"]);
  log.add(event(1));
  log.add(event(2));
  expect(due).toHaveLength(1);
  due[0]?.();
  while (linesOf("app.jsonl.inprogress").length < 2) await sleep(1);
  const all = Array.from({ length: 5000 }, (_, i) => event(i));
  for (const each of all) log.add(each);
  const updates = [{ id: 1, name: undefined, value: 5n }];
  log.add({ ...event(3), accumulators: updates } as GloamEvent);
  await log.close();
  await log.close();
  log.add(event(4));
  expect(readdirSync(join(directory, "logs"))).toEqual(["app.jsonl"]);
  expect(linesOf("app.jsonl")).toEqual([event(1), event(2), ...all, { ...event(3), accumulators: [{ id: 1, value: "5" }] }]); // prettier-ignore
  expect(warnings).toEqual([]);
});

test("a directory that cannot be made is told of at once", () => {
  writeFileSync(join(directory, "file"), "");
  expect(() => open(join(directory, "file"))).toThrow("GLOAM_CONF_INVALID: eventLog.dir");
  open();
  expect(() => open()).toThrow("EEXIST");
});

test("a log that cannot be finished is warned of", async () => {
  const { log, warnings } = open();
  rmSync(join(directory, "logs"), { recursive: true });
  log.add(event(1));
  await log.close();
  expect(warnings).toHaveLength(1);
});
