/** How an executor's process ended. */
export interface ProcessEnd {
  /** Its exit code; undefined where a signal ended it, or nobody knows. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** What is known besides, or instead: that its machine is gone, for example. */
  readonly reason?: string | undefined;
}

/** Whoever starts executors: processes of this machine, or a cluster manager's offers. */
export interface Fleet {
  /** Starts as many executors as there shall be, and others in place of those that end. */
  start(observer: FleetObserver): Promise<void>;
  /** An executor has done a task: however it ends, it was no failed start. */
  worked(executor: string): void;
  /** There shall be so many from now on, besides those that are leaving: starts what lacks, ends none. */
  want(executors: number): void;
  /** An executor is about to go, and does nothing more: another may take its place. One that is not known is no error. */
  leaving(executor: string): void;
  /** Ends an executor that does not answer; one that has ended is no error. */
  end(executor: string): void;
  /** Blocks have to move, and no executor may take them: starts one that takes no tasks and keeps them, if there can be one. */
  refuge?(): void;
  /** Starts no more, and waits until all are gone; those that do not go by themselves are ended. */
  stop(): Promise<void>;
}

/** What a fleet tells its owner. */
export interface FleetObserver {
  /** An executor is being started: from now on it may connect. */
  onStart(executor: string): void;
  /** An executor's process has ended. */
  onExit(executor: string, end: ProcessEnd): void;
  /** An executor has to go: it shall do nothing more, give its blocks away, and end after so many milliseconds at the latest. */
  onDraining(executor: string, within: number): void;
  /** Executors end before they have done anything, again and again: there will be no more than there are. */
  onFailure(error: Error): void;
}

/** In words, for whoever reads why an executor is lost. */
export function describeEnd(end: ProcessEnd): string {
  const { code, signal, reason } = end;
  if (isMemoryDeath(end)) return `it ran out of memory, or was killed (${signal ?? `exit code ${code}`})`;
  if (signal !== undefined) return `it was ended by ${signal}`;
  if (code !== undefined) return `it exited with code ${code}`;
  return reason ?? "it has ended";
}

/** Whether a process ended as those do that take more memory than there is: V8 aborts, and systems kill. */
export function isMemoryDeath({ code, signal }: ProcessEnd): boolean {
  return code === 134 || code === 137 || signal === "SIGABRT" || signal === "SIGKILL";
}
