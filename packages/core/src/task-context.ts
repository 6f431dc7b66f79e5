import { GloamError } from "@gloam/common";
import { runningTask, type RunningTask } from "@gloam/plan";

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
