import { expect, test } from "vitest";
import { runProgram } from "../run-program.ts";

const run = (way: string) => runProgram("schedules-apart.mjs", { parameters: [way] });

test.each(["start", "wait", "run"])("a scheduling thread without a job lets the program end: %s", async (way) => {
  expect(await run(way)).toMatchObject({ status: 0, output: "idle\n", complaints: "" });
});

test("a program may exit in the middle of a job", async () => {
  expect(await run("exit")).toMatchObject({ status: 7, output: "idle\n", complaints: "" });
});

test("a program may throw in the middle of a job", async () => {
  const end = await run("throw");
  expect(end).toMatchObject({ status: 1, output: "idle\n" });
  expect(end.complaints).toContain("the program's own mistake");
});

test.each(["stop", "abandon"])("%s leaves no thread and no handle", async (way) => {
  const end = await run(way);
  expect(end).toMatchObject({ status: 0, complaints: "" });
  const { before, after } = JSON.parse(end.output) as Record<"before" | "after", unknown>;
  expect(after).toEqual(before);
});
