import { expect, test } from "vitest";
import { isAlive } from "../child-processes.ts";
import { runProgram } from "../run-program.ts";

test("executors whose driver is killed end, and remove their files", async () => {
  // It has ended when nobody holds its output any more: its executors share it.
  const end = await runProgram("keeps-executors.mjs", { signal: "SIGKILL" });
  expect(end.signal).toBe("SIGKILL");
  const { pids, files } = JSON.parse(end.output.split("\n")[0]!) as { pids: number[]; files: string[] };
  expect(pids).toHaveLength(2);
  expect(files.length).toBeGreaterThan(2);
  // `network.timeout` is three seconds there.
  expect(end.milliseconds).toBeLessThan(3000 + 5000);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(end.leftBehind).toEqual([]);
}, 60_000);
