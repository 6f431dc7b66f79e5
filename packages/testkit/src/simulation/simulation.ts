import { SchedulerHost } from "@gloam/cluster/parts";
import { createRandom, type Random } from "@gloam/common";
import type { Scheduler, StageKind } from "@gloam/scheduler";
import { growLineage, Lineage } from "@gloam/scheduler/testing";
import { BlockStores } from "./block-stores.ts";
import { createFaultyBackend, type FaultName } from "./faults.ts";
import { Ledger } from "./ledger.ts";
import { Mischief } from "./mischief.ts";
import { ObservedBackend } from "./observed-backend.ts";
import { observedScheduler } from "./observed-scheduler.ts";
import { randomSettings, type SimulationSettings } from "./random-settings.ts";
import { SimulatedBlockSource } from "./simulated-block-source.ts";
import { SimulatedExecutor } from "./simulated-executor.ts";
import { SimulatedFleet } from "./simulated-fleet.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import { simulatedCode } from "./stage-code.ts";
import { Trace, type Note } from "./trace.ts";
import { checkBeliefs, checkQuiet, checkReleased, checkStopped, type Truth } from "./truth.ts";
import { Violation } from "./violation.ts";
import { VirtualTime } from "./virtual-time.ts";
import type { World } from "./world.ts";

/** Milliseconds of calm in which every job ends. */
const longestCalm = 600_000;
/** In which a driver has stopped, or nothing of it is left. */
const longestStop = 20_000;

export interface SimulationOptions {
  /** Decides everything: the same seed is the same story. */
  readonly seed: number;
  /** Something that is broken on purpose. */
  readonly fault?: FaultName | undefined;
  /** Whether to remember what happens. */
  readonly traced?: boolean | undefined;
}

/** What a simulation did. */
export interface SimulationFigures {
  /** Events: messages that arrived, timers that rang, and whatever else happened. */
  events: number;
  /** Virtual milliseconds. */
  time: number;
  /** How often what was told and came of it: executors, losses, ends of tasks and jobs by kind. */
  counts: Map<string, number>;
}

/**
 * A driver and its executors, made of the real parts, in a world in which everything goes wrong that can: scheduler, host and
 * backend on one side, the executors' control on the other, and between them a network, processes and blocks that are
 * simulated on one virtual clock. After each event it compares what they believe with what is so.
 */
export class Simulation implements World {
  readonly random: Random;
  readonly time = new VirtualTime();
  readonly lineage = new Lineage();
  readonly stores = new BlockStores();
  readonly ledger: Ledger;
  readonly settings: SimulationSettings;
  readonly driver: SimulatedProcess;
  readonly fleet: SimulatedFleet;
  readonly backend: ObservedBackend;
  readonly host: SchedulerHost;
  readonly executors = new Map<string, SimulatedExecutor>();
  readonly trace: Trace | undefined;
  calm = false;
  events = 0;
  readonly #scheduler: Scheduler;
  readonly #mischief: Mischief;
  #started: "not yet" | "yes" | "never" = "not yet";
  #stopping = false;

  constructor({ seed, fault, traced = false }: SimulationOptions) {
    this.random = createRandom(seed);
    this.settings = randomSettings(this.random);
    this.trace = traced ? new Trace(() => this.time.now()) : undefined;
    this.ledger = new Ledger(this.lineage, this.settings.scheduler.maxTaskFailures ?? 4);
    for (let node = 0; node < 12; node++) growLineage(this.lineage, this.random);
    this.driver = new SimulatedProcess("driver", this.time, 1);
    this.fleet = new SimulatedFleet({
      executors: this.settings.executors,
      mostFailures: this.settings.mostFailures,
      time: this.time,
      random: this.random,
      driver: this.driver,
      isCalm: () => this.calm,
      note: this.note,
      run: (process) => this.#run(process),
      dismiss: ({ name }) => this.executors.get(name)?.leave(1),
    });
    const { heartbeatInterval, executorTimeout } = this.settings;
    const options = {
      fleet: this.fleet,
      clock: this.time,
      timers: this.driver.timers,
      executorTimeout,
      startTimeout: executorTimeout,
      aliveInterval: heartbeatInterval,
      allocation: this.settings.allocation,
      results: { source: new SimulatedBlockSource(this, this.driver), ...this.settings.fetching },
    };
    this.#scheduler = observedScheduler(this.settings.scheduler, this.note);
    const witness = {
      ledger: this.ledger,
      fleet: this.fleet,
      scheduler: this.#scheduler,
      note: this.note,
      later: (milliseconds: number, action: () => void) => this.driver.later(milliseconds, action),
      listening: () => new Promise<void>((resolve) => this.driver.later(this.random.nextInt(30), resolve)),
    };
    this.backend =
      fault === undefined ? new ObservedBackend(options, witness) : createFaultyBackend(fault, options, witness);
    this.host = new SchedulerHost({
      scheduler: this.#scheduler,
      backend: this.backend,
      clock: this.time,
      timers: this.driver.timers,
      code: simulatedCode((kind) => this.#nodeOf(kind)),
      maxResultBytes: this.settings.maxResultBytes,
      warn: this.note,
    });
    this.#mischief = new Mischief(this);
  }

  get processes(): SimulatedFleet["processes"] {
    return this.fleet.processes;
  }

  /** Whose partitions a stage computes. */
  #nodeOf(kind: StageKind): number {
    if (kind.kind === "result") return this.ledger.jobs.get(kind.job)!.graph.final;
    const dependencies = this.lineage.nodes.flatMap((node) => node.dependencies);
    return dependencies.find((each) => each.kind === "shuffle" && each.shuffle === kind.shuffle)!.parent;
  }

  readonly note: Note = (what) => this.trace?.note(typeof what === "string" ? what : what());

  /** How long a message takes. */
  readonly delay = (): number => {
    const dice = this.random.next();
    if (this.calm || dice < 0.9) return this.random.next() * 20;
    return this.random.next() * (dice < 0.99 ? 300 : 3000);
  };

  /** Lives through so many random happenings and what follows from them, and then through its end. */
  async run(steps: number): Promise<SimulationFigures> {
    this.host.start().then(
      () => (this.#started = "yes"),
      () => (this.#started = "never"),
    );
    // A program may end at any time, without waiting for anything.
    const isAbrupt = this.random.next() < 0.15;
    const last = isAbrupt ? this.random.nextInt(steps + 1) : steps;
    for (let step = 0; step < last && this.#started !== "never"; step++) {
      this.#mischief.happen(this.#started === "yes");
      const dice = this.random.next();
      await this.#pass(dice < 0.5 ? this.random.nextInt(30) : this.random.nextInt(dice < 0.97 ? 200 : 3000));
    }
    // What the program asked for while the driver stood still happens first.
    this.driver.thaw(false);
    await this.#pass(0);
    // Without any executor to begin with there is nothing to finish.
    if (!isAbrupt && this.#started !== "never") await this.#finish();
    await this.#stop();
    return { events: this.events, time: this.time.now(), counts: this.ledger.counts };
  }

  async #finish(): Promise<void> {
    this.calm = true;
    this.note("calm");
    const end = this.time.now() + longestCalm;
    while (this.ledger.living.length > 0) {
      if (this.time.now() >= end) throw new Violation(`jobs never end: ${this.ledger.living.join()}`);
      await this.#pass(1000);
    }
    await this.#pass(this.#noticeTime);
    // Executors that have to go are given their time, and what they hold its new places.
    while (this.#scheduler.state().executors.draining.size > 0) {
      if (this.time.now() >= end) throw new Violation("an executor that has to go never does");
      await this.#pass(1000);
    }
    checkQuiet(this.#truth);
    this.note("release");
    const shuffles = Array.from({ length: this.lineage.shuffleCount }, (_, shuffle) => shuffle);
    this.host.post({ type: "shufflesReleased", shuffles });
    this.host.post({ type: "nodesUnpersisted", nodes: this.lineage.nodes.map(({ id }) => id) });
    // Also executors that were to leave, and held something, have gone by then.
    await this.#pass(3000);
    checkReleased(this.#truth);
    const { alive, wanted, gaveUp } = this.fleet;
    const { executors, allocation } = this.settings;
    const isRight = allocation === undefined ? alive.length === executors : alive.length >= wanted;
    if (!gaveUp && !isRight) throw new Violation(`${alive.length} executors live, ${wanted} are wanted`);
    if (allocation !== undefined && (wanted < allocation.minExecutors || wanted > allocation.maxExecutors)) {
      throw new Violation(`${wanted} executors are wanted, which are too few or too many`);
    }
  }

  async #stop(): Promise<void> {
    this.note("stop");
    this.#stopping = true;
    const stop = { done: false };
    this.driver.perform(() => {
      this.host.cancelAll("the context was stopped");
      this.host.stop().then(
        () => (stop.done = true),
        (error: unknown) => this.note(`driver: cannot stop, ${String(error)}`),
      );
    });
    await settled();
    const end = this.time.now() + longestStop;
    while (!stop.done && this.time.next(end)) {
      this.events++;
      await settled();
    }
    if (!stop.done) throw new Violation("the driver never stops");
    this.backend.stopped = true;
    checkStopped(this.#truth, this.driver);
    // Whatever still happens to those that were there, the driver does not do any more.
    await this.#pass(longestStop);
    checkStopped(this.#truth, this.driver);
    if (this.#started === "not yet") throw new Violation("the driver has stopped, and still starts");
  }

  /** Time passes, and what is due happens. */
  async #pass(milliseconds: number): Promise<void> {
    const until = this.time.now() + milliseconds;
    while (this.time.next(until)) {
      this.events++;
      if (!this.#stopping) checkBeliefs(this.#truth);
      if (this.#started === "not yet" || this.#stopping) await settled();
    }
    if (this.#started === "not yet" || this.#stopping) await settled();
  }

  /** How long it may take until everybody knows of what happened to others. */
  get #noticeTime(): number {
    const { executorTimeout, driverLostTimeout, heartbeatInterval } = this.settings;
    return 2 * (executorTimeout + driverLostTimeout) + 3 * heartbeatInterval;
  }

  get #truth(): Truth {
    return {
      scheduler: this.#scheduler,
      backend: this.backend,
      fleet: this.fleet,
      executors: this.executors,
      stores: this.stores,
      now: this.time.now(),
      attentiveSince: this.driver.frozen ? Infinity : this.driver.thawed,
      noticeTime: this.#noticeTime,
    };
  }

  #run(process: SimulatedProcess): void {
    const executor = new SimulatedExecutor({
      process,
      driver: this.driver,
      backend: this.backend,
      world: this,
      time: this.time,
      settings: this.settings,
      delay: this.delay,
      note: this.note,
      isStopping: () => this.#stopping,
    });
    this.executors.set(process.name, executor);
    executor.start();
  }
}

/** Promises that are settled tell those who wait for them. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
}
