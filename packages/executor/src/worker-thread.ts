import { decodeValue } from "@gloam/arrow";
import { disposeExecutorValues, releaseCaptured } from "@gloam/closure";
import { serializeError } from "@gloam/common";
import type { BarrierAnswer, StageDescription } from "@gloam/plan";
import type { MessagePort } from "node:worker_threads";
import type { BarrierLink } from "./barrier/task-barrier.ts";
import { TaskKilledError } from "./block-failure.ts";
import { CodeCache } from "./code-cache.ts";
import { DecodedPartitions } from "./decoded-partitions.ts";
import type { WorkerExchange } from "./exchange/worker-exchange.ts";
import { movableBuffers } from "./movable-buffers.ts";
import { loadStage, type LoadedStage } from "./loaded-stage.ts";
import { loadUserFunctions } from "./user-modules.ts";
import { runTask } from "./run-task.ts";
import { TaskClaims } from "./task-claims.ts";
import type { FromWorker, TaskMessage, ToWorker } from "./task-messages.ts";
import { useBroadcasts, WorkerBroadcasts, type BroadcastPort } from "./worker-broadcasts.ts";
import { WorkerStorage, type WorkerStorageData } from "./worker-storage.ts";

/** What a worker gets when it starts: plain data, shared memory, and its end of the channel. */
export interface WorkerData {
  /** Where arrays of `ToWorker` arrive and `FromWorker` leave. */
  readonly port: MessagePort;
  /** Counts what has been put into the port. */
  readonly signal: SharedArrayBuffer;
  readonly storage: WorkerStorageData;
  /** `TaskClaims` of the executor. */
  readonly claims: SharedArrayBuffer;
  /** Limit of this worker's JavaScript heap in bytes. */
  readonly heapBytes: number;
  /** Freeze every element before a user function sees it (`debug.freeze`). */
  readonly freeze: boolean;
  /** The way to the executor's I/O thread, where there are other executors: the other end of the port that it got, and the same signal. */
  readonly exchange?: { readonly port: MessagePort; readonly signal: SharedArrayBuffer } | undefined;
  /** Where broadcasts come from: its own end of the port, and its signal. */
  readonly broadcasts: BroadcastPort;
  /** Stacks name lines of original sources, where the modules of user functions have source maps. */
  readonly sourceMaps: boolean;
}

/** Part of a worker's heap that decoded copies of cached partitions may take. */
const decodedFraction = 0.4;

/** A worker: takes messages in order, runs one task at a time. */
export interface WorkerThread {
  receive(message: ToWorker): void;
}

/**
 * Makes the worker of one slot; `post` sends to the executor's owner, in order, and `waitFor` blocks the thread until messages have
 * brought what is looked for. `openExchange` makes what reads blocks of other
 * executors, if there are any; it is told how to see that the running task was cancelled.
 */
export function createWorker(
  data: Omit<WorkerData, "port" | "signal">,
  post: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void,
  waitFor: <T>(find: () => T | undefined) => T,
  openExchange?: (isCancelled: () => boolean) => WorkerExchange,
): WorkerThread {
  let running = -1;
  const exchange = openExchange?.(() => {
    storage.serveRequests();
    return storage.isCancelled(running);
  });
  const storage: WorkerStorage = new WorkerStorage(
    data.storage,
    {
      onSlab: ({ id, buffer }) => post({ type: "slab", id, buffer }),
      onEvicted: (blocks) => {
        for (const { node, partition, to } of blocks) if (to === "nowhere") decoded.forget(node, partition);
        post({ type: "evicted", blocks });
      },
      onRoomAsked: () => post({ type: "roomAsked" }),
    },
    exchange,
  );
  const broadcasts = new WorkerBroadcasts(
    data.broadcasts,
    (broadcast) => post({ type: "broadcastWanted", broadcast }),
    () => storage.isCancelled(running),
  );
  useBroadcasts(broadcasts);
  const cache = new CodeCache();
  const decoded = new DecodedPartitions(Math.floor(data.heapBytes * decodedFraction));
  const stages = new Map<number, Promise<LoadedStage>>();
  const commits = new Map<number, (granted: boolean) => void>();
  /** The last one that has come, and for which task. */
  let barrierAnswer: { readonly task: number; readonly answer: BarrierAnswer } | undefined;

  const barrierLink = (task: number): BarrierLink => ({
    post: (call) => post({ type: "barrier", task, call }),
    answer: (call) =>
      waitFor(() => {
        if (storage.isCancelled(task)) throw new TaskKilledError("the task was cancelled");
        return barrierAnswer?.task === task && barrierAnswer.answer.call === call ? barrierAnswer.answer : undefined;
      }),
  });

  const claims = new TaskClaims(data.claims);
  let queue = Promise.resolve();

  const run = async (task: TaskMessage): Promise<void> => {
    if (!claims.take(task.cell, task.ticket)) return;
    const stage = await stages.get(task.stage);
    if (stage === undefined) throw new Error(`stage ${task.stage} is not known here`);
    const scope = storage.beginTask();
    running = task.task;
    try {
      const end = await runTask(stage, task, {
        memory: scope.memory,
        output: scope.output,
        createCached: (identity) => scope.createCached(identity),
        touch: (handle) => scope.touch(handle),
        cache,
        decoded,
        freeze: data.freeze,
        keepsResults: exchange !== undefined,
        openSegment: (handle, segment) => scope.openSegment(handle, segment),
        prefetch: scope.prefetch,
        isCancelled: () => storage.isCancelled(task.task),
        serveRequests: () => storage.serveRequests(),
        barrierLink: barrierLink(task.task),
        askCommit: () =>
          new Promise((resolve) => {
            commits.set(task.task, resolve);
            post({ type: "commitAsked", task: task.task });
          }),
      });
      const result = end.type === "finished" && end.outcome.kind === "result" ? end.outcome.bytes : undefined;
      post({ task: task.task, ...end }, result === undefined ? [] : movableBuffers(result));
    } finally {
      commits.delete(task.task);
      releaseCaptured();
      barrierAnswer = undefined;
      scope.end();
    }
  };

  const failed = (task: TaskMessage, error: unknown): void =>
    post({
      type: "failed",
      task: task.task,
      failure: { kind: "exception", error: serializeError(error), operation: undefined },
      blocks: [],
    });

  return {
    receive(message) {
      switch (message.type) {
        case "stage": {
          const loading = loadStage(decodeValue(message.bytes) as StageDescription, message.shuffleMap, {
            importModule: (specifier) => import(specifier),
            loadFunctions: (captured) => loadUserFunctions(captured, message.modules),
            files: message.modules?.files,
          });
          // Whoever runs a task of the stage awaits it and reports.
          loading.catch(() => undefined);
          stages.set(message.stage, loading);
          return;
        }
        case "forgetStages":
          for (const stage of message.stages) stages.delete(stage);
          return;
        case "task":
          queue = queue.then(() => run(message.task)).catch((error: unknown) => failed(message.task, error));
          return;
        case "commit":
          commits.get(message.task)?.(message.granted);
          return;
        case "barrier":
          barrierAnswer = message;
          return;
        case "slab":
          storage.addSlab(message);
          return;
        case "slabsDropped":
          for (const id of message.ids) storage.dropSlab(id);
          return;
        case "free":
          for (const handle of message.handles) storage.free(handle);
          return;
        case "makeRoom":
          storage.serveRequests();
          return;
        case "forgetCached":
          for (const { node, partition } of message.blocks) decoded.forget(node, partition);
          return;
        case "forgetBroadcasts":
          broadcasts.forget(message.broadcasts);
          return;
        case "stop":
          queue = queue.then(async () => {
            for (const error of await disposeExecutorValues()) {
              process.emitWarning(error instanceof Error ? error : String(error));
            }
            post({ type: "stopped" });
          });
          return;
        default:
          return message satisfies never;
      }
    },
  };
}
