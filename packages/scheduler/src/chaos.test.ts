import { createRandom, type Random } from "@gloam/common";
import fc from "fast-check";
import { test } from "vitest";
import type { SchedulerOptions } from "./options.ts";
import { Chaos } from "./testing/chaos.ts";
import { oneOf } from "./testing/random-lineage.ts";
import { RestlessChaos } from "./testing/restless-chaos.ts";

function randomOptions(random: Random): SchedulerOptions {
  return {
    maxTaskFailures: oneOf(random, [1, 3, 1000]),
    maxStageAttempts: oneOf(random, [2, 4, 1000]),
    mode: oneOf(random, ["fifo", "fair"]),
    pools: [{ name: "one", weight: 2, minShare: 1, mode: oneOf(random, ["fifo", "fair"]) }],
    locality: { process: random.nextInt(100), node: random.nextInt(100) },
    speculation: random.next() < 0.5 ? { multiplier: 1, quantile: 0.3, interval: 30, minimumRuntime: 10 } : undefined,
    exclusion: random.next() < 0.3 ? { failuresPerExecutor: 2 + random.nextInt(5), timeout: 500 } : undefined,
    executorWait: oneOf(random, [undefined, 1000]),
    barrierWait: random.nextInt(2000),
    skew: { factor: 2, threshold: 500 },
    barrierTimeout: oneOf(random, [100, 100_000]),
  };
}

/** Runs a cluster of a kind for numbers of steps from seeds, those of `examples` first. */
function check(Kind: typeof Chaos, examples: [seed: number, steps: number][]): void {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 400 }), (seed, steps) => {
      const random = createRandom(seed);
      const chaos = new Kind(random, randomOptions(random));
      for (let step = 0; step < steps; step++) chaos.step();
      chaos.finish();
    }),
    { numRuns: 100, examples },
  );
}

test("whatever happens, jobs end, results count once, nothing lost is believed in, nothing is left", () => {
  check(Chaos, [[825351360, 353]]);
});

test("so it is while blocks are on their way", () => {
  check(RestlessChaos, [
    [484, 346],
    [3696, 174],
    [4875, 175],
  ]);
});
