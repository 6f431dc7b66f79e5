import type { Fleet, FleetObserver, ProcessEnd } from "@gloam/cluster/parts";
import { GloamError, type Random } from "@gloam/common";
import { SimulatedProcess } from "./simulated-process.ts";
import type { VirtualTime } from "./virtual-time.ts";

const shortLife = 5000;
const firstDelay = 100;
const stopPatience = 5000;

export interface SimulatedFleetOptions {
  readonly executors: number;
  /** So many failed starts in a row, and none is tried again: as fleets of processes do. */
  readonly mostFailures: number;
  readonly time: VirtualTime;
  readonly random: Random;
  /** The driver's process, which is told. */
  readonly driver: SimulatedProcess;
  readonly isCalm: () => boolean;
  readonly note: (what: string) => void;
  /** Has a process do what executors do. */
  readonly run: (process: SimulatedProcess) => void;
  /** Has it end by itself, as when whoever started it is gone. */
  readonly dismiss: (process: SimulatedProcess) => void;
}

/** Starts executors as processes of the simulation, and others in place of those that end. */
export class SimulatedFleet implements Fleet {
  /** All that ever were, by name. */
  readonly processes = new Map<string, SimulatedProcess>();
  /** Those whose end the backend has asked for. */
  readonly endAsked = new Set<string>();
  readonly #worked = new Set<string>();
  /** It starts no more. */
  gaveUp = false;
  readonly #options: SimulatedFleetOptions;
  /** Those of whose end it does not know. */
  readonly #known = new Set<string>();
  /** Those of them that are about to go. */
  readonly #leaving = new Set<string>();
  /** How many there shall be. */
  wanted: number;
  #waiting = false;
  #observer: FleetObserver | undefined;
  #failures = 0;
  #stopped = false;
  #onEmpty: () => void = () => undefined;

  constructor(options: SimulatedFleetOptions) {
    this.#options = options;
    this.wanted = options.executors;
  }

  get alive(): readonly SimulatedProcess[] {
    return [...this.processes.values()].filter(({ alive }) => alive);
  }

  start(observer: FleetObserver): Promise<void> {
    this.#observer = observer;
    this.#fill();
    return Promise.resolve();
  }

  worked(executor: string): void {
    this.#worked.add(executor);
  }

  want(executors: number): void {
    this.#options.note(`fleet: is to have ${executors} executors`);
    this.wanted = executors;
    this.#fill();
  }

  leaving(executor: string): void {
    if (!this.#known.has(executor)) return;
    this.#leaving.add(executor);
    this.#fill();
  }

  end(executor: string): void {
    this.endAsked.add(executor);
    const process = this.processes.get(executor);
    this.#options.time.after(this.#options.random.nextInt(20), () => process?.end(killed, "fleet"));
  }

  stop(): Promise<void> {
    this.#stopped = true;
    const { time, random, dismiss } = this.#options;
    if (this.alive.length === 0) return Promise.resolve();
    for (const process of this.alive) {
      process.later(random.nextInt(300), () => dismiss(process));
      time.after(stopPatience, () => process.end(killed, "fleet"));
    }
    return new Promise((resolve) => (this.#onEmpty = resolve));
  }

  /** Whoever owns the machine of an executor wants it back. */
  drain(executor: string, within: number): void {
    this.#options.note(`fleet: ${executor} has to go within ${within} ms`);
    if (!this.#stopped) this.#observer?.onDraining(executor, within);
  }

  #fill(): void {
    if (this.#stopped || this.#waiting || this.#observer === undefined) return;
    while (this.#known.size - this.#leaving.size < this.wanted) this.#launch();
  }

  #launch(): void {
    const { time, random, note, run } = this.#options;
    const name = `executor-${this.processes.size + 1}`;
    const process = new SimulatedProcess(name, time, 0.9 + 0.2 * random.next());
    this.processes.set(name, process);
    this.#known.add(name);
    note(`fleet: starts ${name}`);
    process.onEnd(() => this.#ended(process));
    this.#observer?.onStart(name);
    run(process);
  }

  #ended(process: SimulatedProcess): void {
    const { name, ended } = process;
    if (ended === undefined) return;
    const { time, random, driver, note, isCalm } = this.#options;
    note(`${name}: ends, ${JSON.stringify(ended.how)}, by ${ended.cause}`);
    if (this.#stopped) {
      if (this.alive.length === 0) this.#onEmpty();
      return;
    }
    // The news may come long after that of the connection.
    const delay = random.next() < 0.8 || isCalm() ? random.nextInt(100) : random.nextInt(2000);
    time.after(delay, () =>
      driver.perform(() => {
        if (this.#stopped) return;
        this.#known.delete(name);
        this.#leaving.delete(name);
        this.#observer?.onExit(name, ended.how);
        this.#replace(name, ended.at - process.begun, ended.how);
      }),
    );
  }

  #replace(name: string, lived: number, { code }: ProcessEnd): void {
    if (this.#waiting) return;
    const wasLost = this.endAsked.has(name) || (code !== undefined && code !== 0);
    this.#failures = wasLost && lived < shortLife && !this.#worked.has(name) ? this.#failures + 1 : 0;
    if (this.#failures === 0) {
      this.#fill();
      return;
    }
    this.#waiting = true;
    if (this.#failures >= this.#options.mostFailures) {
      this.gaveUp = true;
      this.#options.note("fleet: gives up");
      this.#observer?.onFailure(new GloamError("GLOAM_WORKER_LOST", "executors end as soon as they are started"));
      return;
    }
    this.#options.driver.later(firstDelay * 2 ** Math.min(5, this.#failures - 1), () => {
      this.#waiting = false;
      this.#fill();
    });
  }
}

const killed: ProcessEnd = { code: undefined, signal: "SIGKILL" };
