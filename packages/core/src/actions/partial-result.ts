/** A number that is known about: with probability `confidence` it lies between `low` and `high`. */
export interface BoundedNumber {
  /** The estimate. */
  readonly mean: number;
  /** From 0, nothing is known, to 1: it is exact, and `low` and `high` are equal. */
  readonly confidence: number;
  readonly low: number;
  readonly high: number;
}

/** What an action says before it is through, and what it says in the end. */
export interface PartialResult<R> {
  /** What was known when the time was over. */
  readonly initialValue: R;
  /** Whether the job had ended by then. */
  readonly isInitialValueFinal: boolean;
  /**
   * The value at the end of the job, which goes on meanwhile. Rejects with the job's error, `GLOAM_JOB_CANCELLED` after `cancel`;
   * nobody has to wait for it.
   */
  readonly finalValue: Promise<R>;
  /** Ends the job, where the initial value is enough. Harmless when it has ended. */
  cancel(): void;
}
