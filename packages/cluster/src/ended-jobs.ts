import type { JobInfo } from "@gloam/plan";

/** Jobs that are remembered. */
const most = 1000;

/** The last jobs that have ended, the oldest first. */
export class EndedJobs {
  readonly #jobs = new Map<number, JobInfo>();

  add(job: JobInfo): void {
    this.#jobs.set(job.job, job);
    if (this.#jobs.size <= most) return;
    for (const oldest of this.#jobs.keys()) {
      this.#jobs.delete(oldest);
      return;
    }
  }

  list(): JobInfo[] {
    return [...this.#jobs.values()];
  }
}
