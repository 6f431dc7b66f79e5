import type { SerializedError } from "@gloam/common";
import type { BarrierAnswer, BarrierCall, BarrierPlace, StorageLevel } from "@gloam/plan";
import type { Evicted } from "@gloam/storage";

/** Control messages between an executor's owner and a worker. Plain data: structured clone now, msgpackr over a wire later. */
export type ToWorker =
  /** A stage's code, once per worker. `bytes` is an encoded `StageDescription`. */
  | {
      readonly type: "stage";
      readonly stage: number;
      readonly shuffleMap: boolean;
      readonly bytes: Uint8Array;
      readonly modules?: ImportedModules | undefined;
    }
  | { readonly type: "forgetStages"; readonly stages: readonly number[] }
  | { readonly type: "task"; readonly task: TaskMessage }
  | { readonly type: "commit"; readonly task: number; readonly granted: boolean }
  | { readonly type: "barrier"; readonly task: number; readonly answer: BarrierAnswer }
  /** A slab of another worker; comes before any message that refers to it. */
  | { readonly type: "slab"; readonly id: number; readonly buffer: SharedArrayBuffer }
  | { readonly type: "slabsDropped"; readonly ids: readonly number[] }
  /** Outputs of this worker that nobody needs any more. */
  | { readonly type: "free"; readonly handles: readonly unknown[] }
  /** Partitions of persisted nodes that are cached no longer: decoded copies go too. */
  | {
      readonly type: "forgetCached";
      readonly blocks: readonly { readonly node: number; readonly partition: number }[];
    }
  /** Others may need room that this worker can make, or have stopped to read what it is to free. */
  | { readonly type: "makeRoom" }
  /** Broadcasts that are not here any more. */
  | { readonly type: "forgetBroadcasts"; readonly broadcasts: readonly number[] }
  /** Dispose of what user functions made once per worker, and answer `stopped`. */
  | { readonly type: "stop" };

/** Where modules of the user's program lie that functions of a stage import; they are found where the user has them otherwise. */
export interface ImportedModules {
  /** URLs of files, by the URLs that functions know the modules by. */
  readonly files: ReadonlyMap<string, string>;
  /** Whether their stacks name the user's lines by source maps. */
  readonly isMapped: boolean;
}

/** One attempt at one partition. */
export interface TaskMessage {
  readonly task: number;
  /** Cell in which the task waits to be claimed, and with what: see `TaskClaims`. */
  readonly cell: number;
  readonly ticket: number;
  readonly stage: number;
  readonly partition: number;
  readonly attempt: number;
  /** Payloads of the nodes in the partition's narrow tree; `node` is an index into the stage. */
  readonly payloads: readonly { readonly node: number; readonly partition: number; readonly payload: unknown }[];
  readonly shuffles: readonly ShuffleInput[];
  readonly cached: readonly CachedInput[];
  /** The map outputs of a shuffle that it reads, where others compute the rest of the partition. */
  readonly range?: { readonly shuffle: number; readonly from: number; readonly to: number } | undefined;
  /** The others, where all tasks of the stage run at once. */
  readonly barrier?: BarrierPlace | undefined;
}

/** What the map side of a shuffle has for one reducer, in map order. */
export interface ShuffleInput {
  readonly shuffle: number;
  readonly outputs: readonly {
    readonly partition: number;
    readonly task: number;
    readonly handle: unknown;
    readonly sketch: Uint8Array | undefined;
  }[];
}

/**
 * A block of a persisted node; `node` is the node's id. There may be several of a partition: then any will do, the first best, but a
 * reader may go from one to another in its middle only where the same task computed them.
 */
export interface CachedInput {
  readonly node: number;
  readonly partition: number;
  readonly handle: unknown;
  /** The task that computed it, or that of which it is a copy; undefined where nobody knows. */
  readonly computedBy?: number | undefined;
}

/** A block of a persisted node that a task made, and how it is kept. */
export interface CachedOutput extends CachedInput {
  readonly level: StorageLevel;
}

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "stopped" }
  | { readonly type: "slab"; readonly id: number; readonly buffer: SharedArrayBuffer }
  /** Cached blocks of this worker are not in memory any more. */
  | { readonly type: "evicted"; readonly blocks: readonly Evicted[] }
  /** Others were asked to make room, or can free what was read until now; they may be idle. */
  | { readonly type: "roomAsked" }
  | { readonly type: "commitAsked"; readonly task: number }
  /** The running task waits for a broadcast that the worker has not: it comes over the port for them. */
  | { readonly type: "broadcastWanted"; readonly broadcast: number }
  | { readonly type: "barrier"; readonly task: number; readonly call: BarrierCall }
  | {
      readonly type: "finished";
      readonly task: number;
      readonly outcome: WorkerOutcome;
      /** What it added to accumulators, encoded (`encodeUpdates`); left out where its functions had none. */
      readonly accumulators?: Uint8Array | undefined;
      readonly blocks: readonly CachedOutput[];
    }
  | {
      readonly type: "failed";
      readonly task: number;
      readonly failure: WorkerFailure;
      readonly blocks: readonly CachedOutput[];
    };

export type WorkerOutcome =
  | {
      readonly kind: "output";
      readonly handle: unknown;
      readonly sizes: Float64Array;
      readonly sketch?: Uint8Array | undefined;
    }
  /** `encoded`: by the codec; otherwise the bytes are the result themselves. */
  | { readonly kind: "result"; readonly bytes: Uint8Array; readonly encoded: boolean }
  /** The same of a large one, committed as an output of one segment for others to fetch. */
  | { readonly kind: "storedResult"; readonly handle: unknown; readonly encoded: boolean };

export type WorkerFailure =
  /** `operation` is an index into the stage's nodes, or undefined where nobody knows. */
  | { readonly kind: "exception"; readonly error: SerializedError; readonly operation: number | undefined }
  | {
      readonly kind: "fetchFailed";
      readonly shuffle: number;
      readonly mapPartition: number;
      readonly mapTask: number;
      readonly error: SerializedError;
    }
  | {
      readonly kind: "cachedBlockMissing";
      readonly node: number;
      readonly partition: number;
      readonly error: SerializedError;
    }
  | { readonly kind: "commitDenied" }
  | { readonly kind: "killed" };
