import { GloamError, type Timers } from "@gloam/common";
import type { LaunchSettings } from "@gloam/protocol";
import { describeEnd, type Fleet, type FleetObserver, type ProcessEnd } from "../remote/fleet.ts";
import { runExecutor, type ExecutorChild } from "./run-executor.ts";
import { spawnExecutor } from "./spawn-executor.ts";

/** Executors that end before they have lived so long, in milliseconds, and have done no task, count as failed starts. */
const shortLife = 10_000;
/** So many failed starts in a row, and none is tried again. */
const mostFailures = 5;
/** Milliseconds before the first new start after a failed one; doubled each time. */
const firstDelay = 100;
/** How long executors that have been told to end may take, in milliseconds. */
const stopPatience = 5000;

export interface ProcessFleetOptions {
  /** To begin with. */
  readonly executors: number;
  /** What executors are called, before their numbers; "executor" when left out. */
  readonly name?: string | undefined;
  readonly timers: Timers;
  /** What an executor of this name has to know. */
  readonly settings: (executor: string) => LaunchSettings;
  /** Where executors' standard output and error go: with the driver's, or nowhere. */
  readonly output: "inherit" | "ignore";
}

/** Executor processes on this machine, as many as are wanted. One that ends is replaced by another, of another name. */
export class ProcessFleet implements Fleet {
  readonly #options: ProcessFleetOptions;
  readonly #processes = new Map<string, ExecutorChild>();
  /** Of these: those that have done a task, and those that had to be ended. */
  readonly #worked = new Set<string>();
  readonly #ended = new Set<string>();
  /** Those that do nothing more, and have not ended. */
  readonly #leaving = new Set<string>();
  #wanted: number;
  #observer: FleetObserver | undefined;
  #next = 1;
  #failures = 0;
  /** Nothing is started before some time has passed, or ever. */
  #waiting = false;
  #stopped = false;
  #onEmpty: () => void = () => undefined;

  constructor(options: ProcessFleetOptions) {
    this.#options = options;
    this.#wanted = options.executors;
  }

  start(observer: FleetObserver): Promise<void> {
    this.#observer = observer;
    this.#fill();
    return Promise.resolve();
  }

  worked(executor: string): void {
    if (this.#processes.has(executor)) this.#worked.add(executor);
  }

  want(executors: number): void {
    this.#wanted = executors;
    this.#fill();
  }

  leaving(executor: string): void {
    if (!this.#processes.has(executor)) return;
    this.#leaving.add(executor);
    this.#fill();
  }

  end(executor: string): void {
    if (this.#processes.get(executor)?.kill() === true) this.#ended.add(executor);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#processes.size === 0) return;
    const cancel = this.#options.timers.after(stopPatience, () => {
      for (const child of this.#processes.values()) child.kill();
    });
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
      // Also one that is not connected yet ends.
      for (const child of this.#processes.values()) child.finish();
    });
    cancel();
  }

  /** Starts what lacks. */
  #fill(): void {
    if (this.#stopped || this.#waiting || this.#observer === undefined) return;
    while (this.#processes.size - this.#leaving.size < this.#wanted) this.#launch();
  }

  #launch(): void {
    const executor = `${this.#options.name ?? "executor"}-${this.#next++}`;
    const begun = performance.now();
    const settings = this.#options.settings(executor);
    this.#observer?.onStart(executor);
    const child = runExecutor(
      spawnExecutor({ output: this.#options.output, environment: process.env }),
      settings,
      (how) => {
        this.#processes.delete(executor);
        this.#leaving.delete(executor);
        const hasWorked = this.#worked.delete(executor);
        const wasLost = this.#ended.delete(executor) || (how.code !== undefined && how.code !== 0);
        if (this.#processes.size === 0 && this.#stopped) this.#onEmpty();
        if (this.#stopped) return;
        this.#observer?.onExit(executor, how);
        this.#replace(wasLost && !hasWorked && performance.now() - begun < shortLife, how);
      },
    );
    this.#processes.set(executor, child);
  }

  #replace(wasFailure: boolean, how: ProcessEnd): void {
    if (this.#waiting) return;
    this.#failures = wasFailure ? this.#failures + 1 : 0;
    if (this.#failures === 0) {
      this.#fill();
      return;
    }
    this.#waiting = true;
    if (this.#failures >= mostFailures) {
      this.#observer?.onFailure(
        new GloamError("GLOAM_WORKER_LOST", `executors end as soon as they are started: ${describeEnd(how)}`),
      );
      return;
    }
    this.#options.timers.after(firstDelay * 2 ** (this.#failures - 1), () => {
      this.#waiting = false;
      this.#fill();
    });
  }
}
