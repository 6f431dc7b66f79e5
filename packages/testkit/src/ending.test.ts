import { describe, expect, test } from "vitest";
import { runProgram } from "./run-program.ts";

/** Milliseconds, as promised. A busy machine may delay one attempt; the quickest of three has to keep the promise. */
const limit = 1000;
const attempts = { retry: 2 };
const signals = ["SIGINT", "SIGTERM"] as const;

describe("Ctrl-C", () => {
  test.each(signals)("%s ends a program whose user function never returns", attempts, async (signal) => {
    const end = await runProgram("never-ends.mjs", { signal });
    expect(end).toMatchObject({ signal, leftBehind: [] });
    expect(end.milliseconds).toBeLessThan(limit);
  });

  test("leaves nothing behind when the program exits in the middle of a job", async () => {
    const end = await runProgram("never-ends.mjs", { parameters: ["local[2]", "exit"] });
    expect(end).toMatchObject({ status: 7, leftBehind: [] });
  });

  test("leaves nothing behind when the program throws in the middle of a job", async () => {
    const end = await runProgram("never-ends.mjs", { parameters: ["local[2]", "throw"] });
    expect(end).toMatchObject({ status: 1, leftBehind: [] });
    expect(end.complaints).toContain("the program's own mistake");
  });
});

describe("stopping", () => {
  test("is not needed for the process to end", async () => {
    const end = await runProgram("forgets-to-stop.mjs");
    expect(end).toMatchObject({ status: 0, output: "45\n", complaints: "", leftBehind: [] });
  });

  test.each(["does not wait", "waits"])("threads without a job let a program end that %s for them", async (way) => {
    const end = await runProgram("idles.mjs", { parameters: [way] });
    expect(end).toMatchObject({ status: 0, output: "idle\n", complaints: "", leftBehind: [] });
  });

  test("is waited for by the process, also while executors start", async () => {
    const end = await runProgram("stops-at-once.mjs");
    const output = "GLOAM_CONTEXT_STOPPED\nstopped\n";
    expect(end).toMatchObject({ status: 0, output, complaints: "", leftBehind: [] });
  });

  test.each(["stop", "dispose"])("%s leaves no thread, handle, listener, file or directory", async (way) => {
    const end = await runProgram("stops.mjs", { parameters: [way] });
    expect(end).toMatchObject({ status: 0, complaints: "", leftBehind: [] });
    const { before, after, listeners } = JSON.parse(end.output) as Record<"before" | "after" | "listeners", unknown>;
    expect(after).toEqual(before);
    expect(listeners).toBe(0);
  });
});
