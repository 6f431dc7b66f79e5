import { GloamError } from "@gloam/common";
import { runningTask, type BarrierContext, type RunningTask } from "@gloam/plan";

/**
 * The task that runs the calling function: stage, partition, attempt, whether it has been cancelled, and `onCompletion` for
 * what has to be closed with it. For functions given to RDDs.
 *
 * @throws GloamError `GLOAM_NO_TASK` outside of a task
 *
 * @example
 * await gc.range(2, { partitions: 2 }).map(() => taskContext().partition).collect(); // [0, 1]
 */
export function taskContext(): RunningTask {
  const task = runningTask();
  if (task === undefined) throw new GloamError("GLOAM_NO_TASK", "taskContext() was called outside of a task");
  return task;
}

/**
 * The barrier that the calling function's task is part of: what functions given to `barrier().mapPartitions` get as their second
 * parameter, for functions that they call.
 *
 * @throws GloamError `GLOAM_NO_BARRIER` outside of such a task
 *
 * @example
 * const ranks = gc.range(2, { partitions: 2 }).barrier();
 * await ranks.mapPartitions(() => [barrierContext().size]).collect(); // [2, 2]
 */
export function barrierContext(): BarrierContext {
  const barrier = runningTask()?.barrier;
  if (barrier === undefined) {
    throw new GloamError("GLOAM_NO_BARRIER", "barrierContext() was called outside of a task of a barrier");
  }
  return barrier;
}
