import type { SerializedError, Timers } from "@gloam/common";
import type { BarrierCall, BroadcastId } from "@gloam/plan";
import type { OutputHandle, Slab } from "@gloam/storage";
import type { CachedOutput, WorkerFailure, WorkerOutcome } from "../task-messages.ts";
import type { WorkerData } from "../worker-thread.ts";
import type { MemoryShares } from "./memory-shares.ts";

/** What an executor's host is made of. */
export interface ExecutorHostOptions {
  /** Worker threads: tasks that run at once. */
  readonly slots: number;
  /** Tasks that one worker may have: one that runs, and those that wait behind it. */
  readonly tasksPerWorker: number;
  readonly memory: MemoryShares;
  /** Share of the pool that cached blocks and shuffle outputs may fill and keep. */
  readonly storageFraction: number;
  /** Where temporary files go; made with the first of them, removed at the end. */
  readonly scratchPath: string;
  readonly timers: Timers;
  /** Freeze every element before a user function sees it. */
  readonly freeze: boolean;
  /** Where there are other executors: what a new worker reads their blocks through. */
  readonly connectExchange?: (() => WorkerData["exchange"]) | undefined;
}

/** The end of a task. */
export type HostedTaskEnd = {
  /** Blocks of persisted partitions that it made on the way, whatever its end. */
  readonly blocks: readonly CachedOutput[];
  /** The worker that ran it. */
  readonly worker: number;
} & (
  | {
      readonly type: "finished";
      readonly outcome: WorkerOutcome;
      /** What it added to accumulators, encoded (`encodeUpdates`). */
      readonly accumulators?: Uint8Array | undefined;
    }
  | { readonly type: "failed"; readonly failure: HostedFailure }
);

/** What a worker says of a failed task, or its host of a worker that is gone. */
export type HostedFailure = WorkerFailure | { readonly kind: "workerLost"; readonly error: SerializedError };

/** What a host tells its owner: a backend in the same process, or the connection to a driver. */
export interface ExecutorHostObserver {
  /** Once for each task that was launched. */
  onEnded(task: number, end: HostedTaskEnd): void;
  onCommitAsked(task: number): void;
  /** A task waits for a broadcast that is not here: `putBroadcast` or `failBroadcast` is to follow. */
  onBroadcastWanted(broadcast: BroadcastId): void;
  /** A task of a barrier waits for others or gives them something; a block of its is committed by now. */
  onBarrierCalled(task: number, call: BarrierCall): void;
  /** No worker can be started any more. */
  onFailing(error: Error): void;
  /** An output can be read from now on; told before anything that refers to it. */
  onCommitted?(handle: OutputHandle): void;
  /** A cached block was dropped to make room. Its handle is the very object that was reported. */
  onDropped?(block: { readonly node: number; readonly partition: number; readonly handle: OutputHandle }): void;
  /** The executor's memory, told once, before any slab. */
  onPool?(pool: SharedArrayBuffer): void;
  /** Shared memory that outputs lie in. */
  onSlab?(slab: Slab): void;
  onSlabDropped?(id: number): void;
}
