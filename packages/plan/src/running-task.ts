/** What a user's function may know of the task that it runs in. */
export interface RunningTask {
  readonly stage: number;
  readonly partition: number;
  /** Zero-based. */
  readonly attempt: number;
  /** Whether the task has been cancelled: long-running functions may look and return. */
  readonly cancelled: boolean;
  /** The local property of whoever called the action, as of the call; undefined where there is none of that name. */
  getLocalProperty(name: string): string | undefined;
  /** Path of a file that was added to the context, see `files.get`. @throws GloamError `GLOAM_INPUT_NOT_FOUND` */
  addedFile(name: string): string;
  /** Runs `action` when the task ends, whatever its end; last registered first. */
  onCompletion(action: () => void): void;
}

// A user's module and the executor may hold different copies of this package.
const key = Symbol.for("gloam.runningTask");
const holder = globalThis as { [key]?: RunningTask | undefined };

/** The task that this thread runs now; undefined in a driver. */
export function runningTask(): RunningTask | undefined {
  return holder[key];
}

/** For executors: says which task this thread runs from now on. */
export function setRunningTask(task: RunningTask | undefined): void {
  holder[key] = task;
}
