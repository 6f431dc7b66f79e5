/** `npm run simulate -- --steps N --seed S [--seeds N] [--fault NAME]`: simulates a cluster in which everything goes wrong. */
import { parseArgs } from "node:util";
import { faultNames } from "./faults.ts";
import { runSeeds } from "./run-seeds.ts";

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    fault: { type: "string" },
  },
});
const [steps, seed, seeds] = [values.steps, values.seed, values.seeds].map(Number);
const fault = faultNames.find((name) => name === values.fault);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (!isCount(steps) || !isCount(seed) || !isCount(seeds) || (values.fault !== undefined && fault === undefined)) {
  print("simulate [--steps N of each seed] [--seed S] [--seeds N from S on] [--fault NAME]");
  print(`faults: ${faultNames.join(", ")}`);
  process.exitCode = 2;
} else {
  const begun = performance.now();
  const { figures, failed } = await runSeeds({ steps, seed, seeds, fault });
  if (failed === undefined) {
    const seconds = (performance.now() - begun) / 1000;
    const { events, time, counts } = figures;
    print(`${seeds} seeds from ${seed} on, ${seeds * steps} steps, ${events} events, no violated invariant`);
    for (const [what, count] of [...counts].sort(([, a], [, b]) => b - a))
      print(`${String(count).padStart(10)} ${what}`);
    print(`${(time / 3.6e6).toFixed(1)} virtual hours`);
    print(
      `${seconds.toFixed(1)} s, ${Math.round((seeds * steps) / seconds)} steps/s, ${Math.round(events / seconds)} events/s`,
    );
  } else {
    for (const line of failed.trace) print(line);
    print("");
    print(failed.error instanceof Error ? (failed.error.stack ?? failed.error.message) : String(failed.error));
    const broken = fault === undefined ? "" : ` --fault ${fault}`;
    print(`replay: npm run simulate -- --steps ${steps} --seed ${failed.seed}${broken}`);
    process.exitCode = 1;
  }
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0;
}
