import { createHash } from "node:crypto";
import { setTimeout as later } from "node:timers";
import { decodeValue, encodeValue } from "@gloam/arrow";
import type { ReportedError, ReportedResult } from "@gloam/cluster";
import { serializeError } from "@gloam/common";
import type { DriverTraffic, ExecutorStatus, StageDescription } from "@gloam/plan";
import type {
  CachedBlock,
  ClusterBackend,
  MapOutput,
  PreparedTask,
  TaskFailure,
  TaskId,
  TaskLaunch,
  TaskOutcome,
  UntimedEvent,
} from "@gloam/scheduler";
import { SharedTape } from "./shared-tape.ts";

/** How the backend answers. Plain data. */
export interface AnsweringBackendOptions {
  /** Of its one executor; 2 when left out. */
  readonly slots?: number | undefined;
  /** Memory of a `SharedTape` on which it writes what it is told, as `Told`. */
  readonly tape?: SharedArrayBuffer | undefined;
  /** Milliseconds until a task ends; when left out, it ends in the next turn of the loop. */
  readonly delay?: number | undefined;
  /** Tasks end when they are killed only. */
  readonly hangs?: boolean | undefined;
  /** Bytes of each result; when left out, the result is the partition's number. */
  readonly resultBytes?: number | undefined;
  /** Tasks of this kind and partition throw in an operation of their stage. */
  readonly fails?: { readonly kind: "shuffleMap" | "result"; readonly partition: number; readonly operation: number };
  /** Every so many launches, one that reads a shuffle finds an output missing. */
  readonly losesEvery?: number | undefined;
  /** It never says that its executor is there. */
  readonly startsNever?: boolean | undefined;
  /** Where it throws: in `start` as backends do, elsewhere as only a defect would. */
  readonly throwsIn?: "start" | "launch" | "answer" | "exit" | undefined;
}

/** What the backend was told. */
export type Told =
  | {
      readonly told: "launch";
      /** Milliseconds since 1970. */
      readonly at: number;
      readonly launch: TaskLaunch;
      /** Digests. */
      readonly code: string;
      readonly payloads: string;
      readonly shuffles: string;
    }
  | { readonly told: "kill"; readonly at: number; readonly task: TaskId; readonly reason: string }
  | { readonly told: "forgetStages" | "dropMapOutputs" | "dropCachedBlocks" | "stop"; readonly what: unknown };

const executor = "answers";

/** Makes a backend whose tasks compute nothing, for tests of what is between the driver and its executors. */
export function answeringBackend(options: unknown): ClusterBackend {
  return new AnsweringBackend(options as AnsweringBackendOptions);
}

class AnsweringBackend implements ClusterBackend {
  readonly #options: AnsweringBackendOptions;
  readonly #tape: SharedTape | undefined;
  readonly #running = new Set<TaskId>();
  #post: (event: UntimedEvent) => void = () => undefined;
  #launches = 0;

  constructor(options: AnsweringBackendOptions) {
    this.#options = options;
    if (options.tape !== undefined) this.#tape = new SharedTape(options.tape);
  }

  async start(post: (event: UntimedEvent) => void): Promise<void> {
    if (this.#options.throwsIn === "start") throw new RangeError("there are no executors");
    this.#post = post;
    if (this.#options.startsNever === true) await new Promise(() => undefined);
    post({ type: "executorAdded", executor, host: "localhost", slots: this.#options.slots ?? 2 });
  }

  launch(task: PreparedTask): void {
    const { launch, code, shuffles } = task;
    const { throwsIn, hangs, delay } = this.#options;
    this.#write({
      told: "launch",
      at: now(),
      launch,
      code: digest(code.bytes),
      payloads: digest(encodeValue(code.payloads(launch.partition))),
      shuffles: digest(encodeValue(shuffles)),
    });
    if (throwsIn === "launch") throw new RangeError("the backend cannot launch");
    // oxlint-disable-next-line node/no-process-exit -- as when something ends the thread without a word
    if (throwsIn === "exit") process.exit(3);
    this.#launches++;
    this.#running.add(launch.task);
    if (hangs === true) return;
    const lost = this.#launches % (this.#options.losesEvery ?? Infinity) === 0 && shuffles.length > 0;
    const answer = (): void => this.#answer(task, lost);
    if (delay === undefined) setImmediate(answer);
    else later(answer, delay);
  }

  executors(): readonly ExecutorStatus[] {
    const { slots = 2 } = this.#options;
    const traffic = { fetchedBytes: 0, servedBytes: 0, evictedBlocks: 0 };
    return [{ executor, host: "localhost", slots, tasks: this.#running.size, residentBytes: 0, ...traffic }];
  }

  kill(task: TaskId, _executor: string, reason: string): void {
    this.#write({ told: "kill", at: now(), task, reason });
    setImmediate(() => {
      if (this.#running.delete(task)) this.#post({ type: "taskFailed", task, failure: { kind: "killed" } });
    });
  }

  forgetStages(stages: readonly number[]): void {
    this.#write({ told: "forgetStages", what: stages });
  }

  forgetShuffle(): void {}

  dropMapOutputs(outputs: readonly MapOutput[]): void {
    this.#write({ told: "dropMapOutputs", what: outputs.map(({ handle }) => handle) });
  }

  dropCachedBlocks(blocks: readonly CachedBlock[]): void {
    this.#write({ told: "dropCachedBlocks", what: blocks.map(({ handle }) => handle) });
  }

  answerCommit(): void {}

  migrateBlocks(): void {}
  replicateBlock(): void {}

  addBroadcast(): void {}

  unpersistBroadcast(): void {}

  releaseBroadcasts(): void {}

  traffic(): DriverTraffic {
    return { fetchedBytes: 0, servedBytes: 0 };
  }

  requestExecutors(): void {}

  releaseExecutor(): void {}

  async stop(): Promise<void> {
    this.#write({ told: "stop", what: [...this.#running] });
  }

  #write(told: Told): void {
    this.#tape?.write(told);
  }

  #answer(prepared: PreparedTask, lost: boolean): void {
    const { task, stageKind, partition, slot } = prepared.launch;
    if (!this.#running.delete(task)) return;
    const { fails, throwsIn } = this.#options;
    if (throwsIn === "answer") throw new RangeError("the backend cannot answer");
    const missing = lost ? prepared.shuffles[0] : undefined;
    const output = missing?.outputs[0];
    if (missing !== undefined && output !== undefined) {
      const { shuffle } = missing;
      const error: ReportedError = { error: serializeError(new Error("the output is not there")) };
      this.#fail(task, { kind: "fetchFailed", shuffle, mapPartition: output.partition, mapTask: output.task, error });
      return;
    }
    if (fails?.kind === stageKind.kind && fails.partition === partition) {
      const thrown = new TypeError("it threw");
      thrown.stack = "TypeError: it threw\n    at parse (/app/parse.ts:12:20)";
      this.#fail(task, {
        kind: "exception",
        error: { error: serializeError(thrown), operation: fails.operation } satisfies ReportedError,
      });
      return;
    }
    const last = (decodeValue(prepared.code.bytes) as StageDescription).nodes.at(-1);
    if (last?.level !== undefined) {
      const block = { node: last.id, partition, executor, slot, handle: `block of ${task}` };
      this.#post({ type: "blocksAdded", task, blocks: [block] });
    }
    this.#post({ type: "taskFinished", task, outcome: this.#outcome(prepared) });
  }

  #fail(task: TaskId, failure: TaskFailure): void {
    this.#post({ type: "taskFailed", task, failure });
  }

  #outcome({ launch: { task, stageKind, partition } }: PreparedTask): TaskOutcome {
    if (stageKind.kind === "shuffleMap") {
      return { kind: "mapOutput", handle: `output of ${task}`, sizes: new Float64Array() };
    }
    const { resultBytes } = this.#options;
    const value =
      resultBytes === undefined
        ? { bytes: encodeValue(partition), encoded: true }
        : { bytes: new Uint8Array(resultBytes).fill(partition), encoded: false };
    return { kind: "result", value: value satisfies ReportedResult };
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
