import { GloamError, isGloamError, serializeError } from "@gloam/common";
import { chunkBytesOf } from "@gloam/executor";
import type { TaskOutcomeMessage } from "@gloam/protocol";
import type { JobId, ResultGate, TaskFailure, TaskId, TaskLaunch, UntimedEvent } from "@gloam/scheduler";
import type { ReportedError } from "../driver-error.ts";
import type { ReportedResult } from "../reported-result.ts";
import type { RemoteExecutor } from "./remote-executor.ts";
import type { ResultFetcher } from "./result-fetcher.ts";

/** Bytes of a result's index at most: what is made of them is larger. Enough for hundreds of gigabytes. */
const longestIndex = 1024 * 1024;

/** A task whose result somebody wants. */
interface WantedResult {
  readonly executor: string;
  readonly job: JobId;
  readonly partition: number;
}

/** Who is told what becomes of results, and asked whether they may come. */
export interface ResultTeller {
  readonly post: (event: UntimedEvent) => void;
  readonly mayFetch: ResultGate;
}

/**
 * The large results that executors keep: fetched where they are still wanted, and freed whatever becomes of them. For the scheduler a
 * task ends when its result is here, or cannot be had.
 */
export class KeptResults {
  readonly #fetcher: ResultFetcher;
  readonly #teller: ResultTeller;
  /** Of tasks that run, as far as the driver knows. */
  readonly #wanted = new Map<TaskId, WantedResult>();
  /** What is fetched, and how it is freed. */
  readonly #fetched = new Map<TaskId, { readonly executor: string; readonly free: () => void }>();

  #closed = false;

  constructor(fetcher: ResultFetcher, teller: ResultTeller) {
    this.#fetcher = fetcher;
    this.#teller = teller;
  }

  launched({ task, stageKind, executor, partition }: TaskLaunch): void {
    if (stageKind.kind === "result" && !this.#closed)
      this.#wanted.set(task, { executor, job: stageKind.job, partition });
  }

  /** A task has ended, with all that there is to say of it. */
  ended(task: TaskId): void {
    this.#wanted.delete(task);
  }

  /** Nobody wants its outcome any more. */
  killed(task: TaskId): void {
    this.#wanted.delete(task);
    const fetched = this.#fetched.get(task);
    if (fetched === undefined) return;
    this.#fetched.delete(task);
    this.#fetcher.cancel(task);
    fetched.free();
    // Its executor has nothing more to say of it.
    this.#teller.post({ type: "taskFailed", task, failure: { kind: "killed" } });
  }

  /** A task has ended well, and its executor keeps the result. */
  finished(
    executor: RemoteExecutor,
    task: TaskId,
    { output: { store, output, index }, encoded }: Extract<TaskOutcomeMessage, { readonly kind: "storedResult" }>,
    accumulators?: Uint8Array,
  ): void {
    const { post, mayFetch } = this.#teller;
    const { id, address } = executor;
    const wanted = this.#wanted.get(task);
    this.#wanted.delete(task);
    const free = (): void => executor.free([{ store, output }]);
    const fail = (failure: TaskFailure): void => {
      free();
      post({ type: "taskFailed", task, failure });
    };
    if (wanted?.executor !== id) return fail({ kind: "killed" });
    let chunkBytes: readonly number[];
    try {
      if (index.length > longestIndex) throw new RangeError(`its index has ${index.length} bytes`);
      chunkBytes = chunkBytesOf(index, 0);
    } catch (error) {
      return fail(resultLost(id, error));
    }
    const bytes = chunkBytes.reduce((sum, each) => sum + each, 0);
    if (!mayFetch(wanted.job, wanted.partition, bytes)) return fail({ kind: "killed" });
    this.#fetched.set(task, { executor: id, free });
    this.#fetcher.fetch({ task, address, store, output, chunkBytes }, (result) => {
      this.#fetched.delete(task);
      if (isGloamError(result)) return fail(resultLost(id, result));
      free();
      const value: ReportedResult = { bytes: result, encoded };
      post({ type: "taskFinished", task, outcome: { kind: "result", value }, ...(accumulators && { accumulators }) });
    });
  }

  /** An executor is lost, and its tasks with it. */
  lost(id: string): void {
    for (const [task, { executor }] of this.#wanted) if (executor === id) this.#wanted.delete(task);
    for (const [task, { executor }] of this.#fetched) {
      if (executor !== id) continue;
      this.#fetched.delete(task);
      this.#fetcher.cancel(task);
    }
  }

  /** Wants nothing more. */
  close(): void {
    this.#closed = true;
    this.#wanted.clear();
    this.#fetched.clear();
    this.#fetcher.close();
  }
}

function resultLost(executor: string, cause: unknown): TaskFailure {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const told = new GloamError("GLOAM_FETCH_FAILED", `a result cannot be fetched from '${executor}': ${detail}`, {
    cause,
  });
  return { kind: "resultLost", error: { error: serializeError(told) } satisfies ReportedError };
}
