import { systemClock, systemTimers, userModuleLoader } from "@gloam/common";
import { answerTimeoutOf, BlockClient, blockCodec } from "@gloam/executor/blocks";
import { createSecret, driverChannel, Listener, Refusals, type LaunchSettings } from "@gloam/protocol";
import type { ClusterBackend, ResultGate, UntimedEvent } from "@gloam/scheduler";
import { scratchDirectoryPath } from "@gloam/storage";
import { randomBytes } from "node:crypto";
import { initialExecutors, type AllocationOptions } from "../remote/executor-allocation.ts";
import type { Fleet } from "../remote/fleet.ts";
import { RemoteBackend } from "../remote/remote-backend.ts";
import type { TlsSettings } from "../tls-settings.ts";
import { ProcessFleet, type ProcessFleetOptions } from "./process-fleet.ts";

const loopback = "127.0.0.1";
const driverName = "driver";

/** Milliseconds that an executor may take to start, unless more may pass without a word from one. */
const leastStartTimeout = 60_000;

/** What a cluster of processes on this machine is made of: plain data. */
export interface ProcessBackendOptions {
  /** A number that stays, or how many there are while jobs run and while none does. */
  readonly executors: number | AllocationOptions;
  /** What executors are told that does not differ among them. */
  readonly settings: Pick<
    LaunchSettings,
    | "slots"
    | "tasksPerWorker"
    | "memoryBytes"
    | "memoryFraction"
    | "storageFraction"
    | "freeze"
    | "sourceMaps"
    | "heartbeatInterval"
    | "driverLostTimeout"
    | "decommissionTimeout"
    | "compression"
  >;
  /** Directory for temporary files of all executors. */
  readonly localDirectory: string;
  /** Milliseconds without a word from an executor after which it counts as lost. */
  readonly executorTimeout: number;
  /** Connections are over TLS; without, they are authenticated and not encrypted. */
  readonly tls?: TlsSettings | undefined;
}

/** Makes the backend in the scheduling thread. */
export function createProcessBackend(options: ProcessBackendOptions): ClusterBackend {
  return new ProcessBackend(options);
}

/** Executors as processes of this machine, which the driver starts and speaks with as with any others. */
export class ProcessBackend extends RemoteBackend implements ClusterBackend {
  readonly #options: ProcessBackendOptions;
  readonly #secret: Uint8Array;
  readonly #name = randomBytes(6).toString("hex");
  readonly #refusals = new Refusals((message) => process.emitWarning(message), systemTimers);
  #listener: Listener | undefined;
  #isStopping = false;

  /** @param fleetOf Makes the fleet; one of processes of this machine when left out. */
  constructor(
    options: ProcessBackendOptions,
    fleetOf: (options: ProcessFleetOptions) => Fleet = (fleetOptions) => new ProcessFleet(fleetOptions),
  ) {
    const { settings, executorTimeout, executors } = options;
    const secret = createSecret();
    const allocation = typeof executors === "number" ? undefined : executors;
    const fleet = fleetOf({
      executors: typeof executors === "number" ? executors : initialExecutors(executors),
      timers: systemTimers,
      output: "inherit",
      settings: (executor) => this.#settings(executor),
    });
    super({
      fleet,
      clock: systemClock,
      timers: systemTimers,
      executorTimeout,
      startTimeout: Math.max(executorTimeout, leastStartTimeout),
      aliveInterval: settings.heartbeatInterval,
      results: {
        source: new BlockClient({
          ...{ name: driverName, secret, tls: options.tls && { ca: options.tls.ca } },
          answerTimeout: answerTimeoutOf(executorTimeout),
          codec: settings.compression && blockCodec(settings.compression),
        }),
      },
      allocation,
    });
    this.#options = options;
    this.#secret = secret;
  }

  override async start(post: (event: UntimedEvent) => void, mayFetch: ResultGate): Promise<void> {
    const { tls } = this.#options;
    this.#listener = await Listener.listen({
      name: driverName,
      tls: tls && { cert: tls.cert, key: tls.key },
      secret: this.#secret,
      host: loopback,
      admits: ({ purpose, from }) => purpose === "control" && this.expects(from),
      onConnection: (connection) => this.connected(connection.introduction.from, driverChannel(connection)),
      onRefused: (error) => {
        // Executors that were starting when the driver stopped are no strangers.
        if (!this.#isStopping) this.#refusals.add(error);
      },
    });
    try {
      await super.start(post, mayFetch);
    } catch (error) {
      // A driver that was stopped before it listened has not closed this.
      await this.#listener.close();
      throw error;
    }
  }

  override async stop(): Promise<void> {
    this.#isStopping = true;
    await super.stop();
    await this.#listener?.close();
    this.#refusals.stop();
  }

  #settings(executor: string): LaunchSettings {
    return {
      ...this.#options.settings,
      executor,
      scratchPath: scratchDirectoryPath(this.#options.localDirectory, process.pid, `${this.#name}-${executor}`),
      secret: Buffer.from(this.#secret).toString("base64"),
      driver: { host: loopback, port: this.#listener?.port ?? 0 },
      tls: this.#options.tls,
      host: loopback,
      userModuleLoader: userModuleLoader(),
    };
  }
}
