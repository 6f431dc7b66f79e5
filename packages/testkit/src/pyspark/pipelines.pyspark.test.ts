import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPlace, type Place } from "../pipelines/place.ts";
import type { Promised } from "./pipeline.ts";
import { describePipeline, randomSharedPipeline } from "./random-pipeline.ts";
import { runInGloam, type Outcome } from "./run-in-gloam.ts";
import type { Value } from "./shapes.ts";
import { undrawnPysparkNames } from "./undrawn-names.ts";

/** Set GLOAM_TEST_SEED to begin elsewhere, GLOAM_TEST_PIPELINES for another number of pipelines. */
const firstSeed = Number(process.env["GLOAM_TEST_SEED"] ?? "1");
const count = Number(process.env["GLOAM_TEST_PIPELINES"] ?? "300");
const pipelines = Array.from({ length: count }, (_, index) => randomSharedPipeline(firstSeed + index));
/** A Python that has PySpark; `npm run test:pyspark` makes one. */
const python = process.env["GLOAM_TEST_PYTHON"] ?? "python3";

/** What `run_pipelines.py` says. */
interface Answer {
  /** By pipeline. */
  readonly outcomes: readonly (readonly Outcome[])[];
  /** Methods that PySpark has, and those of them that were called. */
  readonly names: readonly string[];
  readonly called: readonly string[];
}

/** PySpark's; it runs once for all pipelines, as it takes long to start. */
let answer: Answer;
let place: Place;
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "gloam-pyspark-"));
  try {
    const [source, outcome] = [join(directory, "pipelines.json"), join(directory, "outcomes.json")];
    await writeFile(source, JSON.stringify(pipelines));
    const program = fileURLToPath(new URL("../programs/run_pipelines.py", import.meta.url));
    // Workers hash texts by it, in Python's own way.
    const env = { ...process.env, PYTHONHASHSEED: "0", PYSPARK_PYTHON: python };
    await promisify(execFile)(python, [program, source, outcome], { env, cwd: directory, maxBuffer: 2 ** 26 });
    answer = JSON.parse(await readFile(outcome, "utf8")) as Answer;
  } finally {
    await rm(directory, { recursive: true });
  }
  place = await openPlace({ master: "local[2]", appName: "pipelines that PySpark runs too" }, 2);
}, 1_200_000);
afterAll(() => place?.[Symbol.asyncDispose]());

/** What is promised of an outcome, so that two can be compared. */
function promisedOf(outcome: Outcome, promise: Promised): unknown {
  if ("empty" in outcome || promise === "exact" || promise === "roughNumber") return outcome;
  const rows = outcome.value as readonly Value[];
  const elements = rows.map((row) => JSON.stringify(row)).toSorted();
  if (promise === "elements") return elements;
  const pairs = rows as readonly (readonly [Value, Value])[];
  if (promise === "keyOrder") return { elements, keys: pairs.map(([key]) => key) };
  return pairs.map(([key]) => JSON.stringify(key)).toSorted();
}

/** Numbers that are the same up to rounding, in the order of their keys. */
function roughNumbers(outcome: Outcome, promise: Promised): number[] {
  if ("empty" in outcome) return [];
  if (promise === "roughNumber") return outcome.value === null ? [] : [outcome.value as number];
  if (promise !== "roughValues") return [];
  const pairs = (outcome.value as readonly (readonly [Value, number])[]).map(([key, value]) => [JSON.stringify(key), value] as const); // prettier-ignore
  return pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

test.each(pipelines.map((pipeline, index) => [pipeline.seed, index] as const))(
  "the pipeline of seed %i gives the same in Gloam and PySpark",
  async (_, index) => {
    const pipeline = pipelines[index]!;
    const outcomes = await runInGloam(place, pipeline).catch((cause: unknown) => {
      throw new Error(describePipeline(pipeline), { cause });
    });
    for (const [at, { promise, tolerance = 0 }] of pipeline.actions.entries()) {
      const [ours, theirs] = [outcomes[at]!, answer.outcomes[index]![at]!];
      const message = `action ${at} of\n${describePipeline(pipeline)}`;
      if (promise !== "roughNumber") expect(promisedOf(ours, promise), message).toEqual(promisedOf(theirs, promise));
      const [numbers, others] = [roughNumbers(ours, promise), roughNumbers(theirs, promise)];
      expect(numbers.length, message).toBe(others.length);
      for (const [which, number] of numbers.entries()) {
        expect(Math.abs(number - others[which]!), message).toBeLessThanOrEqual(tolerance);
      }
    }
  },
);

test.runIf(count >= 300)("every method of PySpark is drawn, or it is said why not", () => {
  const { names, called } = answer;
  expect([...called, ...undrawnPysparkNames.keys()].toSorted()).toEqual(names.toSorted());
});
