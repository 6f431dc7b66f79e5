import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { errorTable } from "./error-table.ts";
import { GloamError, isGloamError } from "./gloam-error.ts";

const callSite = { file: "/project/etl.ts", line: 12, column: 18 };

describe("message", () => {
  test("begins with the code", () => {
    expect(new GloamError("GLOAM_INTERNAL", "it broke").message).toBe("GLOAM_INTERNAL: it broke");
  });

  test("names call site and operation at the end of its first line", () => {
    const error = new GloamError("GLOAM_INTERNAL", "it broke\n  here $&", { callSite, operation: "map" });
    expect(error.message).toBe("GLOAM_INTERNAL: it broke (/project/etl.ts:12:18, in map)\n  here $&");
  });
});

test("the stack says what to do between message and frames", () => {
  const error = new GloamError("GLOAM_INTERNAL", "it broke", { hint: "mend it\nsoon" });
  expect(error.stack).toMatch(/^GLOAM_INTERNAL: it broke\n {2}mend it\n {2}soon\n +at .*gloam-error\.test\.ts/);
});

test("the hint is the table's when none is given", () => {
  expect(new GloamError("GLOAM_RDD_EMPTY", "empty").hint).toBe(errorTable.GLOAM_RDD_EMPTY.mend);
});

test("isGloamError knows errors of another copy of this package", () => {
  const copied = Object.assign(new Error("x"), { [Symbol.for("gloam.error")]: true });
  expect(isGloamError(copied)).toBe(true);
  expect([new Error("x"), null, "x", undefined].some(isGloamError)).toBe(false);
});

test("Node prints an uncaught one with all its parts once", () => {
  const program = `
    import { GloamError } from ${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)};
    const cause = new TypeError("the user's own");
    const callSite = { file: process.cwd() + "/etl.ts", line: 12, column: 18 };
    throw new GloamError("GLOAM_TASK_FAILED", "task 3 failed", { hint: "mend f", callSite, operation: "map", cause });
  `;
  const printed = standardErrorOf(program);
  expect(printed).toContain("GLOAM_TASK_FAILED: task 3 failed (etl.ts:12:18, in map)\n  mend f\n    at ");
  expect(printed).toContain("[cause]: TypeError: the user's own\n");
  expect(printed.split("GLOAM_TASK_FAILED")).toHaveLength(2);
  expect(printed.split("mend f")).toHaveLength(2);
});

function standardErrorOf(program: string): string {
  try {
    execFileSync(process.execPath, ["--input-type=module", "-e", program], { stdio: "pipe", encoding: "utf8" });
  } catch (error) {
    // Node quotes the throwing line of the program, which is not what is tested.
    return (error as { stderr: string }).stderr.replace(/^[^]*?\n\n/, "");
  }
  throw new Error("the program did not fail");
}
