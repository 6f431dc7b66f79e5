/** A job whose sources are being prepared: the driver does not know it yet. */
export interface PreparingJob {
  /** Aborts when the job's own signal does, and when the job is cancelled here. */
  readonly signal: AbortSignal;
  /** Why it was cancelled here; undefined where it was not. */
  readonly reason: string | undefined;
  /** It is cancelled here no longer. */
  end(): void;
}

/** Jobs that cannot be cancelled at the driver yet. */
export class PreparingJobs {
  readonly #jobs = new Set<Preparing>();

  /** Takes a job in until its `end`. */
  begin(group: string | undefined, signal: AbortSignal | undefined): PreparingJob {
    const job = new Preparing(group, signal, () => this.#jobs.delete(job));
    this.#jobs.add(job);
    return job;
  }

  /** Cancels those of a group, or all of them. */
  cancel(reason: string, group?: string): void {
    for (const job of this.#jobs) if (group === undefined || job.group === group) job.cancel(reason);
  }
}

class Preparing implements PreparingJob {
  readonly group: string | undefined;
  reason: string | undefined;
  readonly #controller = new AbortController();
  readonly #own: AbortSignal | undefined;
  readonly #onEnd: () => void;

  constructor(group: string | undefined, own: AbortSignal | undefined, onEnd: () => void) {
    this.group = group;
    this.#own = own;
    this.#onEnd = onEnd;
    if (own?.aborted === true) this.#follow();
    else own?.addEventListener("abort", this.#follow);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(reason: string): void {
    this.reason ??= reason;
    this.#controller.abort(new Error(reason));
  }

  end(): void {
    this.#own?.removeEventListener("abort", this.#follow);
    this.#onEnd();
  }

  readonly #follow = (): void => this.#controller.abort(this.#own?.reason);
}
