import type { ProcessEnd } from "@gloam/cluster/parts";
import { growLineage, oneOf } from "@gloam/scheduler/testing";
import type { SimulatedExecutor } from "./simulated-executor.ts";
import type { Simulation } from "./simulation.ts";

const ends: readonly ProcessEnd[] = [
  ...[0, 1, 134, 137].map((code): ProcessEnd => ({ code, signal: undefined })),
  { code: undefined, signal: "SIGKILL" },
];

/** What users, machines and networks do. */
export class Mischief {
  readonly #of: Simulation;
  readonly #kinds: readonly (readonly [weight: number, kind: string, action: () => void])[];
  readonly #weight: number;

  constructor(simulation: Simulation) {
    this.#of = simulation;
    const { trouble } = simulation.settings;
    const bad = (weight: number, kind: string, action: () => void) => [weight * trouble, kind, action] as const;
    this.#kinds = [
      [25, "nothing", () => undefined],
      [16, "submit", () => this.#ofUser(() => this.#submit())],
      [4, "grow", () => growLineage(simulation.lineage, simulation.random)],
      [1, "cancel", () => this.#ofUser(() => this.#cancel())],
      [4, "release", () => this.#ofUser(() => this.#release())],
      [6, "evict", () => this.#evict()],
      bad(5, "crash", () => this.#crash()),
      bad(4, "freeze", () => this.#freeze()),
      bad(4, "cut", () => this.#cut()),
      bad(4, "black hole", () => this.#stall()),
      bad(3, "disk", () => this.#loseBlocks()),
      bad(3, "worker", () => this.#anyAlive()?.runner.loseWorker()),
      bad(1, "failing", () => this.#fail()),
      [2, "drain", () => this.#ofUser(() => this.#drain())],
      bad(1, "driver freezes", () => this.#freezeDriver()),
    ];
    this.#weight = this.#kinds.reduce((sum, [weight]) => sum + weight, 0);
  }

  /** One random thing happens. @param started Whether jobs can be submitted. */
  happen(started: boolean): void {
    let dice = this.#of.random.next() * this.#weight;
    const chosen = this.#kinds.find(([weight]) => (dice -= weight) < 0);
    if (chosen === undefined || (chosen[1] === "submit" && !started)) return;
    chosen[2]();
  }

  /** What a program asks for happens when the driver is there to hear it. */
  #ofUser(action: () => void): void {
    this.#of.driver.perform(action);
  }

  #submit(): void {
    const { host, lineage, random, ledger, note } = this.#of;
    if (ledger.living.length >= 4) return;
    const job = ledger.jobs.size + 1;
    const count = lineage.nodes.length;
    // The later, the longer its lineage.
    const final = Math.max(random.nextInt(count), random.nextInt(count), random.nextInt(count));
    const whole = lineage.job(final);
    const graph = { ...whole, partitions: whole.partitions.filter(() => random.next() < 0.8) };
    note(`job ${job}: node ${graph.final}, partitions ${graph.partitions.join()}`);
    ledger.submitted(job, graph);
    host.submit(
      job,
      graph,
      { pool: oneOf(random, [undefined, "one", "two"]) },
      {
        onResult: (index, value) => ledger.result(job, index, value),
        onAccumulated: (source, updates) => ledger.accumulated(job, source, updates),
        onFinished: () => {
          note(`job ${job}: finished`);
          ledger.ended(job, undefined);
        },
        onFailed: (failure) => {
          note(`job ${job}: ${failure.kind}`);
          ledger.ended(job, failure);
        },
      },
    );
  }

  #cancel(): void {
    const { host, ledger, random, note } = this.#of;
    const { living } = ledger;
    if (living.length === 0) return;
    const job = oneOf(random, living);
    note(`job ${job}: is cancelled`);
    host.cancel(job, "simulated");
  }

  #release(): void {
    const { host, lineage, random } = this.#of;
    if (random.next() < 0.5 && lineage.shuffleCount > 0) {
      host.post({ type: "shufflesReleased", shuffles: [random.nextInt(lineage.shuffleCount)] });
      return;
    }
    const { id, persisted } = oneOf(random, lineage.nodes);
    lineage.persist(id, !persisted);
    if (persisted) host.post({ type: "nodesUnpersisted", nodes: [id] });
  }

  /** An executor needs the memory of a cached block for another. */
  #evict(): void {
    const executor = this.#anyAlive();
    executor?.process.perform(() => executor.runner.evict());
  }

  #crash(): void {
    this.#anyAlive()?.process.end(oneOf(this.#of.random, ends), "crash");
  }

  #freeze(): void {
    const { random, time, settings, note } = this.#of;
    const process = this.#anyAlive()?.process;
    if (process === undefined || process.frozen) return;
    note(`${process.name}: freezes`);
    process.freeze();
    const dice = random.next();
    // Shorter than the timeouts, longer, or for ever.
    if (dice > 0.9) return;
    time.after(random.nextInt(dice < 0.5 ? 1500 : 3 * settings.executorTimeout), () => {
      note(`${process.name}: goes on`);
      process.thaw(random.next() < 0.5);
    });
  }

  #freezeDriver(): void {
    const { random, time, settings, driver, note } = this.#of;
    note("driver: freezes");
    driver.freeze();
    time.after(random.nextInt(2 * settings.executorTimeout), () => {
      note("driver: goes on");
      driver.thaw(random.next() < 0.5);
    });
  }

  #cut(): void {
    const { random, note, delay } = this.#of;
    const executor = this.#anyAlive();
    if (executor?.connection === undefined) return;
    note(`${executor.process.name}: its connection is cut`);
    const news = (): number => oneOf(random, [delay(), 5000 * random.next(), Infinity]);
    executor.connection.cut(news(), news());
  }

  #stall(): void {
    const { random, time, note } = this.#of;
    const executor = this.#anyAlive();
    if (executor?.connection === undefined) return;
    note(`${executor.process.name}: nothing gets through`);
    const until = oneOf(random, [time.now() + 1500 * random.next(), time.now() + 10_000 * random.next(), Infinity]);
    executor.connection.stall(until, oneOf(random, ["both", "both", "from", "to"]));
  }

  #loseBlocks(): void {
    const { random, stores, note } = this.#of;
    const executor = this.#anyAlive();
    if (executor === undefined) return;
    note(`${executor.process.name}: loses blocks`);
    const share = random.next();
    for (const block of stores.of(executor.process.name)) if (random.next() < share) block.lost = true;
  }

  #fail(): void {
    const executor = this.#anyAlive();
    executor?.process.perform(() => executor.runner.failing());
  }

  #drain(): void {
    const { random, fleet } = this.#of;
    const executor = this.#anyAlive();
    if (executor === undefined) return;
    const { name } = executor.process;
    const within = random.nextInt(10_000);
    if (random.next() < 0.5) fleet.drain(name, within);
    else executor.process.perform(() => executor.decommission(within));
  }

  #anyAlive(): SimulatedExecutor | undefined {
    const { fleet, executors, random } = this.#of;
    return fleet.alive.length === 0 ? undefined : executors.get(oneOf(random, fleet.alive).name);
  }
}
