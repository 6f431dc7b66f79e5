import type { FaultName } from "./faults.ts";
import { Simulation, type SimulationFigures } from "./simulation.ts";

export interface SeedsOptions {
  /** The first; the others follow it. */
  readonly seed: number;
  readonly seeds: number;
  /** Random happenings of each. */
  readonly steps: number;
  readonly fault?: FaultName | undefined;
  /** Told after each seed how many are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** A seed whose story ended in something that must never be. */
interface FailedSeed {
  readonly seed: number;
  readonly steps: number;
  readonly error: unknown;
  /** What happened, to its end. */
  readonly trace: readonly string[];
}

/** What came of many seeds. */
export interface SeedsResult {
  readonly figures: SimulationFigures;
  readonly failed: FailedSeed | undefined;
}

/** Lines of a failed seed's trace. */
const tracedLines = 400;

/** Runs seeds one after the other, to the first that fails; that one is run again, to tell what happened. */
export async function runSeeds({ seed, seeds, steps, fault, onProgress }: SeedsOptions): Promise<SeedsResult> {
  const figures: SimulationFigures = { events: 0, time: 0, counts: new Map() };
  for (let done = 0; done < seeds; done++) {
    try {
      const own = await new Simulation({ seed: seed + done, fault }).run(steps);
      figures.events += own.events;
      figures.time += own.time;
      for (const [what, count] of own.counts) figures.counts.set(what, (figures.counts.get(what) ?? 0) + count);
    } catch (error) {
      return { figures, failed: { seed: seed + done, steps, error, trace: await traceOf(seed + done, steps, fault) } };
    }
    onProgress?.(done + 1);
  }
  return { figures, failed: undefined };
}

async function traceOf(seed: number, steps: number, fault: FaultName | undefined): Promise<readonly string[]> {
  const simulation = new Simulation({ seed, fault, traced: true });
  const again = await simulation
    .run(steps)
    .then(() => "it did not fail when it was run again: something is not decided by its seed", String);
  return [...(simulation.trace?.last(tracedLines) ?? []), again];
}
