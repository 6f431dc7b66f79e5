import { ExecutorProcess } from "@gloam/executor/parts";
import { readFromExecutor, readToExecutor, type FromExecutor, type ToExecutor } from "@gloam/protocol";
import { connectProcesses, type SimulatedConnection } from "./network.ts";
import type { ObservedBackend } from "./observed-backend.ts";
import type { SimulationSettings } from "./random-settings.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { SimulatedRunner } from "./simulated-runner.ts";
import { describeMessage, type Note } from "./trace.ts";
import { Violation } from "./violation.ts";
import type { VirtualTime } from "./virtual-time.ts";
import type { World } from "./world.ts";

export type ControlConnection = SimulatedConnection<ToExecutor, FromExecutor>;

export interface SimulatedExecutorOptions {
  readonly process: SimulatedProcess;
  readonly driver: SimulatedProcess;
  readonly backend: ObservedBackend;
  readonly world: World;
  readonly time: VirtualTime;
  readonly settings: SimulationSettings;
  readonly delay: () => number;
  readonly note: Note;
  /** Whether messages that cannot be taken are expected: the driver is stopping. */
  readonly isStopping: () => boolean;
}

/** A process that does what the main program of an executor does: starts, connects, registers, and ends when it has to. */
export class SimulatedExecutor {
  readonly process: SimulatedProcess;
  readonly runner: SimulatedRunner;
  /** To the driver, once it is made. */
  connection: ControlConnection | undefined;
  /** What it has been told of, and not told to forget. */
  readonly shuffles = new Set<number>();
  readonly #options: SimulatedExecutorOptions;
  #self: ExecutorProcess | undefined;
  #leaving = false;
  #selfEnded = false;

  constructor(options: SimulatedExecutorOptions) {
    this.#options = options;
    this.process = options.process;
    this.runner = new SimulatedRunner(options.process, options.world, options.settings, {
      onEnded: (task, end) => this.#self?.ended(task, end),
      onCommitAsked: (task) => this.#self?.commitAsked(task),
      onFailing: (error) => this.#self?.failing(error),
      onCommitted: (handle) => this.#self?.committed.add(handle),
      onDropped: (block) => this.#self?.dropped(block),
    });
  }

  start(): void {
    const { world } = this.#options;
    this.process.later(50 + world.random.nextInt(world.random.next() < 0.9 ? 300 : 3000), () => {
      if (this.#startFails()) return;
      this.#connect();
    });
  }

  /** As if the driver had told it to go. */
  leave(code: number): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.connection?.to.close();
    this.process.later(this.#options.world.random.nextInt(500), () => {
      const { timersSet, name } = this.process;
      if (this.#selfEnded && timersSet > 0) throw new Violation(`${name} ends and leaves ${timersSet} timers`);
      this.process.end({ code, signal: undefined }, "itself");
    });
  }

  /** Somebody tells the process to go. */
  decommission(within: number): void {
    this.#options.note(`${this.process.name}: has to go within ${within} ms`);
    if (this.#self === undefined) this.process.end({ code: undefined, signal: "SIGTERM" }, "itself");
    else this.#self.leave(within);
  }

  #startFails(): boolean {
    const { world } = this.#options;
    if (world.calm) return false;
    const dice = world.random.next();
    if (dice < 0.05) this.process.end({ code: 1, signal: undefined }, "itself");
    else if (dice < 0.06) this.process.freeze();
    return dice < 0.06;
  }

  #connect(): void {
    const { backend, driver, process, world, note, time, delay, isStopping } = this.#options;
    const { name } = process;
    // The two sides shake hands: the driver knows of the connection first.
    time.after(delay(), () =>
      driver.perform(() => {
        if (!process.alive) return;
        if (!backend.expects(name)) {
          note(`driver: refuses ${name}`);
          process.later(delay(), () => process.end({ code: 1, signal: undefined }, "itself"));
          return;
        }
        const onInvalid = (error: unknown): void => {
          if (error instanceof Violation) throw error;
          if (!isStopping()) throw new Violation(`a message cannot be taken: ${String(error)}`, { cause: error });
        };
        this.connection = connectProcesses<ToExecutor, FromExecutor>(time, world.random, delay, {
          from: {
            process: driver,
            read: readFromExecutor,
            onReceived: (message) => note(() => `${name} > driver: ${describeMessage(message)}`),
            onInvalid,
          },
          to: {
            process,
            read: readToExecutor,
            onReceived: (message) => {
              note(() => `driver > ${name}: ${describeMessage(message)}`);
              this.#remember(message);
            },
            onInvalid,
          },
        });
        backend.connected(name, this.connection.from);
        // Its threads may be ready long before or after that.
        process.later(delay() + world.random.nextInt(100), () => this.#begin());
      }),
    );
  }

  #begin(): void {
    const { settings, world } = this.#options;
    if (this.connection === undefined || this.#leaving) return;
    this.#self = new ExecutorProcess({
      channel: this.connection.to,
      runner: this.runner,
      free: (handles) => this.runner.free(handles),
      take: (source, _cached, onTaken) => this.runner.take(source, onTaken),
      timers: this.process.timers,
      heartbeatInterval: settings.heartbeatInterval,
      driverLostTimeout: settings.driverLostTimeout,
      residentBytes: () => 2 ** 20,
      traffic: () => ({ fetchedBytes: 0, servedBytes: 0, evictedBlocks: 0 }),
      onEnd: (error) => {
        this.#selfEnded = true;
        this.#options.note(`${this.process.name}: leaves${error === undefined ? "" : `, ${error.message}`}`);
        this.leave(error === undefined ? 0 : 1);
      },
    });
    this.#self.begin({
      type: "registered",
      slots: this.runner.places,
      threads: this.runner.threads,
      host: `host-${world.random.nextInt(3)}`,
      blockPort: 1,
      process: 1,
      node: "simulated",
    });
  }

  #remember(message: ToExecutor): void {
    if (message.type === "mapOutputs") this.shuffles.add(message.shuffle);
    if (message.type === "forgetShuffles") for (const shuffle of message.shuffles) this.shuffles.delete(shuffle);
  }
}
