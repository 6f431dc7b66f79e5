import type { Random } from "@gloam/common";
import type { GloamContext } from "gloam";
import { setTimeout as sleep } from "node:timers/promises";
import { knownJobs } from "./known-jobs.ts";

/** How known jobs are run while something goes wrong. */
export interface KnownJobsOptions {
  readonly seed: number;
  /** Of that seed: sizes of jobs come from it. */
  readonly random: Random;
  /** Fewest elements of a job. */
  readonly least: number;
  /** More elements than that, at most. */
  readonly spread: number;
  /** Milliseconds between two jobs: time for what goes wrong, however fast the machine is. */
  readonly pause: number;
  /** Whether there is another job after so many. */
  readonly goesOn: (jobs: number) => boolean;
  /** What has gone wrong so far, for the message of a job that fails. */
  readonly happened: () => string;
}

/** Runs known jobs one after the other, in turn; throws with number, seed and what had happened for one that fails. Gives how many. */
export async function runKnownJobs(gc: GloamContext, options: KnownJobsOptions): Promise<number> {
  const { seed, random, least, spread, pause, goesOn, happened } = options;
  let jobs = 0;
  for (; goesOn(jobs); jobs++) {
    const size = least + 10 * random.nextInt(spread / 10);
    await knownJobs[jobs % knownJobs.length]!(gc, size).catch((cause: unknown) => {
      throw new Error(`job ${jobs} with seed ${seed}, after ${happened()}`, { cause });
    });
    await sleep(pause);
  }
  return jobs;
}
