import { describe, expect, test } from "vitest";
import { runSeeds } from "./run-seeds.ts";
import { Simulation } from "./simulation.ts";

const steps = 100;

// 100,000 steps over 1,000 seeds, in parts so that one sees how far it is.
test.each([1, 251, 501, 751])("whatever goes wrong, invariants hold: seeds from %i on", async (seed) => {
  const { failed, figures } = await runSeeds({ seed, seeds: 250, steps });
  if (failed !== undefined) {
    const how = `npm run simulate -- --steps ${failed.steps} --seed ${failed.seed}`;
    throw new Error(`${how}\n${failed.trace.slice(-60).join("\n")}`, { cause: failed.error });
  }
  // And much did go wrong, and much went well.
  const count = (what: string): number => figures.counts.get(what) ?? 0;
  for (const what of [
    ...["executorLost", "executorDraining", "blocksMoved", "blocksLost", "blockReplicated"],
    ...["accumulated: result", "accumulated: shuffleMap"],
    ...["taskFailed: fetchFailed", "taskFailed: cachedBlockMissing", "taskFailed: resultLost"],
  ]) {
    expect(count(what), what).toBeGreaterThan(50);
  }
  expect(count("job finished")).toBeGreaterThan(1000);
  expect(count("taskFinished")).toBeGreaterThan(5000);
});

describe("what is broken on purpose", () => {
  test.each([
    ["lateReports", /^taskFinished of task \d+ is believed, and executor-\d+ is lost$/],
    ["orphans", /^executor-\d+ is lost, and lives with nobody to end it$/],
    ["staleInputs", /^task \d+ arrives as .*, and was launched as /],
    ["unheardDrops", /^the scheduler believes in block \d+\/\d+ at executor-\d+, which was dropped long ago$/],
    ["keptResults", /^nobody will ever free the result of task \d+ at executor-\d+ /],
  ] as const)("is found, and its seed replays: %s", async (fault, message) => {
    const { failed } = await runSeeds({ seed: 101, seeds: 300, steps, fault });
    expect(failed?.error).toMatchObject({ name: "Violation", message: expect.stringMatching(message) as unknown });
    const again = await runSeeds({ seed: failed?.seed ?? -1, seeds: 1, steps, fault });
    expect(again.failed).toMatchObject({ seed: failed?.seed, trace: failed?.trace });
    expect(again.failed?.trace.at(-1)).toBe(String(failed?.error));
    // It is the fault that was found.
    expect((await runSeeds({ seed: failed?.seed ?? -1, seeds: 1, steps })).failed).toBeUndefined();
  });
});

test("a seed is a story", async () => {
  const stories = [7, 7, 8].map(async (seed) => {
    const simulation = new Simulation({ seed, traced: true });
    const figures = await simulation.run(steps);
    return { figures, trace: simulation.trace?.last(Infinity) };
  });
  const [first, second, other] = await Promise.all(stories);
  expect(second).toEqual(first);
  expect(other?.trace).not.toEqual(first?.trace);
});
