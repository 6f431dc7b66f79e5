/** What a generated loop tells the code around it. One object for each loop of a task. */
export interface LoopProgress {
  /** Index of the first element that has not been taken yet. */
  next: number;
  /** Number of elements written to the output array. */
  count: number;
  /** The sink has enough. */
  stopped: boolean;
  /** Elements seen by nested loops. */
  ticks: number;
  /** The operation that ran when the loop threw. */
  operation: number;
  /** Throws when the task is cancelled. */
  readonly check: () => void;
}
