import { systemClock, systemTimers, userModuleLoader, type GloamError } from "@gloam/common";
import { createSecret, driverChannel, Listener, type LaunchSettings } from "@gloam/protocol";
import type { ClusterBackend, UntimedEvent } from "@gloam/scheduler";
import { scratchDirectoryPath } from "@gloam/storage";
import { randomBytes } from "node:crypto";
import { RemoteBackend } from "../remote/remote-backend.ts";
import type { TlsSettings } from "../tls-settings.ts";
import { ProcessFleet } from "./process-fleet.ts";

const loopback = "127.0.0.1";

/** What a cluster of processes on this machine is made of: plain data. */
export interface ProcessBackendOptions {
  readonly executors: number;
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
class ProcessBackend extends RemoteBackend implements ClusterBackend {
  readonly #options: ProcessBackendOptions;
  readonly #secret = createSecret();
  readonly #name = randomBytes(6).toString("hex");
  #listener: Listener | undefined;

  constructor(options: ProcessBackendOptions) {
    const { settings, executorTimeout, executors } = options;
    const fleet = new ProcessFleet({
      executors,
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
    });
    this.#options = options;
  }

  override async start(post: (event: UntimedEvent) => void): Promise<void> {
    const { tls } = this.#options;
    this.#listener = await Listener.listen({
      tls: tls && { cert: tls.cert, key: tls.key },
      name: "driver",
      secret: this.#secret,
      host: loopback,
      admits: ({ purpose, from }) => purpose === "control" && this.expects(from),
      onConnection: (connection) => this.connected(connection.introduction.from, driverChannel(connection)),
      onRefused: (error: GloamError) => process.emitWarning(error.message),
    });
    try {
      await super.start(post);
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
      tls: this.#options.tls,
      host: loopback,
      userModuleLoader: userModuleLoader(),
    };
  }
}
