/** Where a task of a barrier runs. */
export interface BarrierTaskInfo {
  /** Name of its executor. */
  readonly executor: string;
  /** Name or address of its executor's machine. */
  readonly host: string;
}

/**
 * A task of a barrier and the others: they run all at once, wait for each other, and give each other values, as the processes
 * of an MPI program do. Every collective call (all but `send` and `receive`) has to be made by every task, in the same order;
 * where that is not so, `GLOAM_BARRIER_MISMATCH` names the lines. A call waits for at most `barrier.sync.timeout`, after which
 * it throws `GLOAM_BARRIER_TIMEOUT`. When one task fails, all of them are run again, up to `task.maxFailures` times.
 *
 * Values are whatever can be an element. Typed arrays arrive as typed arrays, for the cost of copying them. Small values go through the
 * driver; large ones lie in blocks of the executor that gives them, from which the others read them directly.
 */
export interface BarrierContext {
  /** Number of this task among them, from 0 on: its partition. */
  readonly rank: number;
  /** Number of tasks. */
  readonly size: number;
  /** Attempt of all tasks together, from 0 on. */
  readonly attempt: number;
  /** Waits until every task has called it. */
  barrier(): void;
  /** The values of all tasks, by rank. */
  allGather<V>(value: V): V[];
  /** The value of `root` (0 if left out), for all tasks. What the others give is not looked at. */
  broadcast<V>(value: V, root?: number): V;
  /** The values of all tasks, by rank, for `root` (0 if left out); undefined for the others. */
  gather<V>(value: V, root?: number): V[] | undefined;
  /** The task's own of the values that `root` (0 if left out) gives, one for each rank. What the others give is not looked at. */
  scatter<V>(values: readonly V[] | undefined, root?: number): V;
  /** The values of all tasks made one by `f`, in the order of ranks, for `root` (0 if left out); undefined for the others. */
  reduce<V>(value: V, f: (a: V, b: V) => V, root?: number): V | undefined;
  /** The values of all tasks made one by `f`, in the order of ranks, for all tasks. `f` must give the same wherever it runs. */
  allReduce<V>(value: V, f: (a: V, b: V) => V): V;
  /** Gives each task one value, and gets one of each, by rank. */
  allToAll<V>(values: readonly V[]): V[];
  /** Gives a value to one task, which gets it by `receive`. Does not wait for that. */
  send(to: number, value: unknown): void;
  /** The next value that a task has sent to this one, in the order in which it did; waits for it. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- whoever receives knows what was sent
  receive<V = unknown>(from: number): V;
  /** Where the tasks run, by rank. */
  getTaskInfos(): readonly BarrierTaskInfo[];
}
