import { GloamContext } from "gloam";
import { expect, test } from "vitest";
import { runProgram } from "../run-program.ts";

interface Flooded {
  readonly ports: number;
  readonly opened: number;
  readonly longest: number;
  readonly answers: readonly (readonly [string, number])[];
}

test("ten thousand connections without the secret learn nothing, and the job that runs meanwhile gives its answer", async () => {
  const warnings: string[] = [];
  const onWarning = ({ message }: Error): void => void warnings.push(message);
  process.on("warning", onWarning);
  await using gc = new GloamContext({ master: "local-cluster[2,1,512]" });
  await gc.ready();
  const seconds = 10;
  const flooded = new AbortController();
  const flood = runProgram("flood.mjs", { parameters: [String(process.pid), "10000", String(seconds)] }).finally(() =>
    flooded.abort(),
  );
  let jobs = 0;
  while (!flooded.signal.aborted) {
    const pairs = gc.range(0, 20_000, { partitions: 6 }).map((i): [number, string] => [i % 100, `value ${i}`]);
    expect(await pairs.groupByKey(4).count()).toBe(100);
    jobs++;
  }
  expect(jobs).toBeGreaterThan(2);
  const { status, output, complaints } = await flood;
  expect({ status, complaints }).toEqual({ status: 0, complaints: "" });
  const { ports, opened, longest, answers } = JSON.parse(output) as Flooded;
  // The driver's and those of two executors; whatever else listens in this process besides.
  expect(ports).toBeGreaterThanOrEqual(3);
  expect(opened).toBe(10_000);
  // What is said to all of them: of HTTP and WebSockets, a version with a nonce, and that they are refused.
  expect(longest).toBeLessThan(512);
  expect(answers.length).toBeLessThan(20);
  for (const [answer] of answers) expect(answer).not.toMatch(/executor|driver|secret|node|gloam-/i);
  expect((await gc.statusTracker.executors()).map(({ tasks }) => tasks)).toEqual([0, 0]);
  process.off("warning", onWarning);
  expect(warnings.length).toBeLessThan(10);
}, 120_000);
