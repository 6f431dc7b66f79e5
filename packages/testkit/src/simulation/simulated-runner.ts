import type { TaskRunner } from "@gloam/executor/parts";
import { chunkBytesOf, type HostedFailure, type HostedTask, type HostedTaskEnd } from "@gloam/executor";
import { serializeError } from "@gloam/common";
import type { StorageLevel } from "@gloam/plan";
import { oneOf } from "@gloam/scheduler/testing";
import type { BlockIdentity, StoredTruth } from "./block-stores.ts";
import { evaluate, type BlockSource, type Evaluated } from "./evaluation.ts";
import { addedBy, keptLengths, resultBytes } from "./simulated-results.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { readStageCode, type SimulatedStage } from "./stage-code.ts";
import { Violation } from "./violation.ts";
import type { World } from "./world.ts";

/** How long a task that is to end may go on, as with real threads. */
const killGrace = 400;
const simulatedError = serializeError(new Error("simulated"));
/** Times that a task asks an executor that does not answer. */
const mostFetches = 6;
/** The store that is no worker's. */
const storeOfCopies = 1000;

export interface RunnerOptions {
  readonly workers: number;
  readonly tasksPerWorker: number;
}

/** What a runner tells its executor. */
export interface RunnerObserver {
  onEnded(task: number, end: HostedTaskEnd): void;
  onCommitAsked(task: number): void;
  onFailing(error: Error): void;
  onCommitted(handle: SimulatedHandle): void;
  /** A cached block was dropped to make room. */
  onDropped(block: { readonly node: number; readonly partition: number; readonly handle: SimulatedHandle }): void;
}

/** A handle as a store gives it: of one chunk, whose length says which block it is, or of two, whose second says it. */
export interface SimulatedHandle {
  readonly store: number;
  readonly output: number;
  readonly extents: Uint32Array;
  readonly file: undefined;
}

/** An output of another executor, as one is told of it. */
interface RemoteName {
  readonly executor: string;
  readonly store: number;
  readonly output: number;
  readonly index: Uint8Array;
}

interface SimulatedBlock {
  readonly node: number;
  readonly partition: number;
  readonly handle: SimulatedHandle;
  readonly level: StorageLevel;
}

interface Run {
  readonly task: HostedTask;
  readonly stage: SimulatedStage;
  readonly blocks: SimulatedBlock[];
  worker: number | undefined;
  killed: boolean;
  fetches: number;
  /** What it would report, while it waits for permission to commit. */
  waiting: Evaluated | undefined;
}

/** Runs tasks in no time of its own: what they read is looked up in the simulated stores, and what they make is put there. */
export class SimulatedRunner implements TaskRunner {
  readonly process: SimulatedProcess;
  readonly #world: World;
  readonly #options: RunnerOptions;
  readonly #observer: RunnerObserver;
  readonly #stages = new Map<number, SimulatedStage>();
  readonly #runs = new Map<number, Run>();
  readonly #workers: (Run | undefined)[];
  /** Cached blocks that have been reported or copied, by store and output. */
  readonly #cached = new Map<string, Omit<SimulatedBlock, "level">>();
  #outputs = 0;

  constructor(process: SimulatedProcess, world: World, options: RunnerOptions, observer: RunnerObserver) {
    this.process = process;
    this.#world = world;
    this.#options = options;
    this.#observer = observer;
    this.#workers = Array.from<Run | undefined>({ length: options.workers }).fill(undefined);
  }

  get places(): number {
    return this.#options.workers * this.#options.tasksPerWorker;
  }

  get threads(): number {
    return this.#options.workers;
  }

  /** Stages whose code it holds. */
  get stages(): readonly number[] {
    return [...this.#stages.keys()];
  }

  addStage(stage: number, shuffleMap: boolean, bytes: Uint8Array): void {
    const code = readStageCode(bytes);
    if (this.#stages.has(stage)) throw new Violation(`${this.process.name} gets stage ${stage} a second time`);
    if ((code.kind.kind === "shuffleMap") !== shuffleMap) throw new Violation(`stage ${stage} is of the wrong kind`);
    this.#stages.set(stage, code);
  }

  forgetStages(stages: readonly number[]): void {
    for (const stage of stages) {
      this.#stages.delete(stage);
      for (const { task, killed } of this.#runs.values()) {
        if (task.stage !== stage || killed) continue;
        throw new Violation(`${this.process.name} has to forget stage ${stage}, whose task ${task.task} is wanted`);
      }
    }
  }

  launch(task: HostedTask, slot: number): void {
    const stage = this.#stages.get(task.stage);
    if (stage === undefined) throw new Violation(`${this.process.name} gets task ${task.task} without its stage`);
    if (slot >= this.places) throw new Violation(`${this.process.name} has no slot ${slot}`);
    if (this.#runs.size >= this.places) throw new Violation(`${this.process.name} has more tasks than places`);
    this.#world.ledger.taken(this.process.name, task);
    const run = { task, stage, blocks: [], worker: undefined, killed: false, fetches: 0, waiting: undefined };
    this.#runs.set(task.task, run);
    this.#assign();
  }

  kill(task: number): void {
    const run = this.#runs.get(task);
    if (run === undefined || run.killed) return;
    run.killed = true;
    if (run.worker === undefined) this.#fail(run, { kind: "killed" });
    else this.process.later(this.#world.random.nextInt(killGrace), () => this.#fail(run, { kind: "killed" }));
  }

  /** Simulated tasks of a barrier do not speak with each other. */
  answerBarrier(): void {}

  answerCommit(task: number, granted: boolean): void {
    const run = this.#runs.get(task);
    const { waiting } = run ?? {};
    if (run === undefined || waiting === undefined) return;
    run.waiting = undefined;
    if (!granted) return this.#fail(run, { kind: "commitDenied" });
    this.#world.ledger.committed(task);
    this.#finish(run, waiting);
  }

  free(handles: readonly unknown[]): void {
    for (const handle of handles) {
      const { store, output } = handle as SimulatedHandle;
      this.#world.stores.free(this.process.name, store, output);
      this.#cached.delete(`${store}/${output}`);
    }
  }

  /** Memory is short: a cached block goes. */
  evict(): void {
    const { random, stores } = this.#world;
    const blocks = [...this.#cached.values()];
    if (blocks.length === 0) return;
    const block = oneOf(random, blocks);
    const { store, output } = block.handle;
    this.#cached.delete(`${store}/${output}`);
    stores.drop(this.process.name, store, output, this.#world.time.now());
    this.#observer.onDropped(block);
  }

  forgetCached(): void {}

  /** Copies a block of another executor, which may take its time. */
  take(source: RemoteName, onTaken: (copy: SimulatedHandle | undefined) => void, attempts = mostFetches): void {
    this.process.later(this.#world.delay(), () => {
      let block: StoredTruth;
      try {
        block = this.#read(source, { kind: "killed" });
      } catch (error) {
        if (error instanceof NoAnswer && attempts > 0) this.take(source, onTaken, attempts - 1);
        else if (error instanceof Unreadable) onTaken(undefined);
        else throw error;
        return;
      }
      const { identity } = block;
      const copy = this.#store(identity, block, { worker: storeOfCopies });
      if (identity.kind === "cached") this.#remember({ ...identity, handle: copy });
      this.#observer.onCommitted(copy);
      onTaken(copy);
    });
  }

  /** A thread dies, with the task that it runs. */
  loseWorker(): void {
    const run = this.#workers.find((each) => each !== undefined);
    if (run !== undefined) this.#fail(run, { kind: "workerLost", error: simulatedError });
  }

  /** No thread can be started any more. */
  failing(): void {
    this.#observer.onFailing(new Error("simulated"));
  }

  #assign(): void {
    for (let worker = 0; worker < this.#workers.length; worker++) {
      if (this.#workers[worker] !== undefined) continue;
      const next = [...this.#runs.values()].find((run) => run.worker === undefined);
      if (next === undefined) return;
      this.#workers[worker] = next;
      next.worker = worker;
      const { random } = this.#world;
      const duration = random.next() < 0.9 ? 5 + random.nextInt(100) : random.nextInt(1500);
      this.process.later(duration, () => this.#work(next));
    }
  }

  #work(run: Run): void {
    if (!this.#isRunning(run)) return;
    const { random, calm, lineage, settings } = this.#world;
    if (run.killed) return this.#fail(run, { kind: "killed" });
    if (!calm && random.next() < settings.exceptions) return this.#fail(run, exception);
    const { node } = run.stage;
    let evaluated: ReturnType<typeof evaluate>;
    try {
      evaluated = evaluate(lineage, node, run.task, this.#source());
    } catch (error) {
      if (error instanceof NoAnswer && ++run.fetches < mostFetches)
        return this.process.later(200, () => this.#work(run));
      if (error instanceof Unreadable) return this.#fail(run, error.failure);
      throw error;
    }
    for (const { node: id, partition, value, reads } of evaluated.computed) {
      if (run.blocks.some((block) => block.node === id && block.partition === partition)) continue;
      const handle = this.#store({ kind: "cached", node: id, partition, task: run.task.task }, { value, reads }, run);
      const level = lineage.node(id).replicas === 2 ? "MEMORY_ONLY_2" : "MEMORY_ONLY";
      run.blocks.push({ node: id, partition, handle, level });
    }
    if (!calm && random.next() < settings.exceptions / 2) return this.#fail(run, exception);
    if (run.stage.kind.kind === "result" && run.task.stage % 3 === 0) {
      run.waiting = evaluated;
      this.#observer.onCommitAsked(run.task.task);
    } else this.#finish(run, evaluated);
  }

  #finish(run: Run, evaluated: Evaluated): void {
    const { task, partition } = run.task;
    const { kind, node } = run.stage;
    this.#world.ledger.computed(task, evaluated);
    if (kind.kind === "shuffleMap") {
      const handle = this.#store({ kind: "mapOutput", shuffle: kind.shuffle, partition, task }, evaluated, run);
      const outcome = { kind: "output", handle, sizes: new Float64Array([1, 2]) } as const;
      this.#end(run, { type: "finished", outcome, accumulators: addedBy(task) });
    } else {
      const identity = { kind: "result", task, node, partition } as const;
      const outcome =
        this.#world.random.next() < 0.5
          ? ({ kind: "result", bytes: resultBytes(identity, evaluated.value) } as const)
          : ({ kind: "storedResult", handle: this.#store(identity, evaluated, run, keptLengths) } as const);
      this.#end(run, { type: "finished", outcome: { ...outcome, encoded: false }, accumulators: addedBy(task) });
    }
  }

  #fail(run: Run, failure: HostedFailure): void {
    this.#end(run, { type: "failed", failure });
  }

  #end(
    run: Run,
    how:
      | Pick<Extract<HostedTaskEnd, { type: "finished" }>, "type" | "outcome" | "accumulators">
      | { readonly type: "failed"; readonly failure: HostedFailure },
  ): void {
    if (!this.#isRunning(run)) return;
    const { task } = run.task;
    this.#runs.delete(task);
    const { worker = 0 } = run;
    if (run.worker !== undefined) this.#workers[worker] = undefined;
    for (const block of run.blocks) {
      this.#observer.onCommitted(block.handle);
      this.#remember(block);
    }
    if (how.type === "finished" && how.outcome.kind !== "result") {
      this.#observer.onCommitted(how.outcome.handle as SimulatedHandle);
    }
    this.#observer.onEnded(task, { ...how, blocks: run.blocks, worker });
    this.#assign();
  }

  #remember({ node, partition, handle }: Omit<SimulatedBlock, "level">): void {
    this.#cached.set(`${handle.store}/${handle.output}`, { node, partition, handle });
  }

  #isRunning(run: Run): boolean {
    return this.#runs.get(run.task.task) === run;
  }

  #store(
    identity: BlockIdentity,
    { value, reads }: Evaluated,
    { worker = 0 }: Pick<Run, "worker">,
    lengths: (token: number) => readonly number[] = (token) => [token],
  ): SimulatedHandle {
    const output = this.#outputs++;
    const { token } = this.#world.stores.add({
      executor: this.process.name,
      store: worker,
      output,
      identity,
      value,
      reads,
    });
    const extents = Uint32Array.from(lengths(token).flatMap((length) => [0, 0, 0, 0, length, 0]));
    return { store: worker, output, extents, file: undefined };
  }

  #source(): BlockSource {
    return {
      mapOutput: (shuffle, { partition, task, handle }) => {
        const failure: HostedFailure = {
          kind: "fetchFailed",
          shuffle,
          mapPartition: partition,
          mapTask: task,
          error: simulatedError,
        };
        const block = this.#read(handle, failure);
        const { identity } = block;
        const right =
          identity.kind === "mapOutput" &&
          identity.shuffle === shuffle &&
          identity.partition === partition &&
          identity.task === task;
        if (!right) throw new Violation(`${JSON.stringify(identity)} under the name of ${shuffle}/${partition}`);
        return block;
      },
      cached: (blocks) => {
        const [{ node, partition }] = blocks as [HostedTask["cached"][number]];
        const failure: HostedFailure = { kind: "cachedBlockMissing", node, partition, error: simulatedError };
        const { block, told } = this.#readAny(blocks, failure);
        const { identity } = block;
        const right =
          identity.kind === "cached" &&
          identity.node === node &&
          identity.partition === partition &&
          identity.task === told.computedBy;
        if (!right) throw new Violation(`${JSON.stringify(identity)} under the name of block ${node}/${partition}`);
        return block;
      },
    };
  }

  /** Reads the first copy that can be read. */
  #readAny<T extends { readonly handle: unknown }>(
    blocks: readonly T[],
    failure: HostedFailure,
  ): { readonly block: StoredTruth; readonly told: T } {
    let last: unknown;
    for (const told of blocks) {
      try {
        return { block: this.#read(told.handle, failure), told };
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        last = error;
      }
    }
    throw last;
  }

  #read(handle: unknown, failure: HostedFailure): StoredTruth {
    const { random, calm, stores, processes } = this.#world;
    const name = handle as Partial<SimulatedHandle> & {
      readonly executor?: string;
      readonly lost?: true;
      readonly index?: Uint8Array;
      readonly store: number;
      readonly output: number;
    };
    if (name.lost === true) throw new Unreadable(failure);
    const { executor = this.process.name, store, output } = name;
    if (executor !== this.process.name) {
      const process = processes.get(executor);
      if (process?.alive !== true || (!calm && random.next() < 0.01)) throw new Unreadable(failure);
      if (process.frozen) throw new NoAnswer(failure);
    }
    const block = stores.get(executor, store, output);
    if (block === undefined || block.lost) throw new Unreadable(failure);
    const token = name.extents?.[4] ?? chunkBytesOf(name.index ?? new Uint8Array(), 0)[0];
    if (token !== block.token) throw new Violation(`${this.process.name} reads ${executor} by another block's index`);
    return block;
  }
}

const exception: HostedFailure = {
  kind: "exception",
  error: simulatedError,
  operation: undefined,
};

/** A block cannot be had. */
class Unreadable extends Error {
  readonly failure: HostedFailure;

  constructor(failure: HostedFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/** Whoever has a block does not answer. */
class NoAnswer extends Unreadable {}
