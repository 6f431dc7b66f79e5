/** A block that a task needed could not be read: the scheduler computes it again, the task is tried again. */
export type BlockFailure =
  | { readonly kind: "fetchFailed"; readonly shuffle: number; readonly mapPartition: number; readonly mapTask: number }
  | { readonly kind: "cachedBlockMissing"; readonly node: number; readonly partition: number };

/** Carries a `BlockFailure` through whatever lies between a block's reader and the task. */
export class BlockFailureError extends Error {
  readonly failure: BlockFailure;

  constructor(failure: BlockFailure, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.failure = failure;
  }
}

/** Thrown by cancellation checks. */
export class TaskKilledError extends Error {}
