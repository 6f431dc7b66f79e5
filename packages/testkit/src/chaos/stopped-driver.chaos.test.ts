import { expect, test } from "vitest";
import { runProgram } from "../run-program.ts";

test("a job whose driver stood still for longer than its executors wait goes on with others, and its answer is right", async () => {
  const end = await runProgram("stands-still.mjs");
  for (const executor of ["executor-1", "executor-2"]) {
    expect(end.complaints).toContain(
      `${executor} ends: GLOAM_CONNECTION_LOST: the driver has said nothing for 3000 ms`,
    );
  }
  expect(JSON.parse(end.output)).toEqual([(100_000 * 99_999) / 2, 100]);
  expect(end.milliseconds).toBeGreaterThan(6000);
  expect(end.leftBehind).toEqual([]);
}, 60_000);
