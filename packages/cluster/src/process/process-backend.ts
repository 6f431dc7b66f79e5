import { systemClock, systemTimers, userModuleLoader, type GloamError } from "@gloam/common";
import { BlockClient } from "@gloam/executor/blocks";
import { createSecret, driverChannel, Listener, type LaunchSettings } from "@gloam/protocol";
import type { ClusterBackend, ResultGate, UntimedEvent } from "@gloam/scheduler";
import { scratchDirectoryPath } from "@gloam/storage";
import { randomBytes } from "node:crypto";
import { initialExecutors, type AllocationOptions } from "../remote/executor-allocation.ts";
import { RemoteBackend } from "../remote/remote-backend.ts";
import { ProcessFleet } from "./process-fleet.ts";

const loopback = "127.0.0.1";
const driverName = "driver";

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
  >;
  /** Directory for temporary files of all executors. */
  readonly localDirectory: string;
  /** Milliseconds without a word from an executor after which it counts as lost. */
  readonly executorTimeout: number;
}

/** Makes the backend in the scheduling thread. */
export function createProcessBackend(options: ProcessBackendOptions): ClusterBackend {
  return new ProcessBackend(options);
}

/** Executors as processes of this machine, which the driver starts and speaks with as with any others. */
class ProcessBackend extends RemoteBackend implements ClusterBackend {
  readonly #options: ProcessBackendOptions;
  readonly #secret: Uint8Array;
  readonly #name = randomBytes(6).toString("hex");
  #listener: Listener | undefined;

  constructor(options: ProcessBackendOptions) {
    const { settings, executorTimeout, executors } = options;
    const secret = createSecret();
    const allocation = typeof executors === "number" ? undefined : executors;
    const fleet = new ProcessFleet({
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
      aliveInterval: settings.heartbeatInterval,
      results: { source: new BlockClient({ name: driverName, secret }) },
      allocation,
    });
    this.#options = options;
    this.#secret = secret;
  }

  override async start(post: (event: UntimedEvent) => void, mayFetch: ResultGate): Promise<void> {
    this.#listener = await Listener.listen({
      name: driverName,
      secret: this.#secret,
      host: loopback,
      admits: ({ purpose, from }) => purpose === "control" && this.expects(from),
      onConnection: (connection) => this.connected(connection.introduction.from, driverChannel(connection)),
      onRefused: (error: GloamError) => process.emitWarning(error.message),
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
    await super.stop();
    await this.#listener?.close();
  }

  #settings(executor: string): LaunchSettings {
    return {
      ...this.#options.settings,
      executor,
      scratchPath: scratchDirectoryPath(this.#options.localDirectory, process.pid, `${this.#name}-${executor}`),
      secret: Buffer.from(this.#secret).toString("base64"),
      driver: { host: loopback, port: this.#listener?.port ?? 0 },
      host: loopback,
      userModuleLoader: userModuleLoader(),
    };
  }
}
