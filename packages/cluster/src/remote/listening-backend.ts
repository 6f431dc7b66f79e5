import { createRandom, systemClock, systemTimers } from "@gloam/common";
import { answerTimeoutOf, BlockClient, blockCodec, BlockServer } from "@gloam/executor/blocks";
import type { DriverTraffic } from "@gloam/plan";
import { createSecret, driverChannel, Listener, Refusals } from "@gloam/protocol";
import type { ClusterBackend, ResultGate, UntimedEvent } from "@gloam/scheduler";
import { randomInt } from "node:crypto";
import type { RemoteOptions } from "./remote-options.ts";
import type { Fleet } from "./fleet.ts";
import { launchSettings, type ExecutorPlace, type SettingsOf } from "./launch-settings.ts";
import { RemoteBackend } from "./remote-backend.ts";

const driverName = "driver";
const loopback = "127.0.0.1";

/** Milliseconds that an executor may take to start, unless more may pass without a word from one. */
const leastStartTimeout = 60_000;

/** What a fleet is made with. */
export interface FleetStart {
  /** How many executors there are to begin with. */
  readonly executors: number;
  /** What an executor has to know before it can connect, by its name and where it is. Only for executors that run nowhere yet. */
  readonly settings: SettingsOf;
}

/** Where a driver can be reached. */
export interface DriverAddress {
  /** Address that executors connect to. */
  readonly host: string;
  /** Address that is listened at, where it is another. */
  readonly bindAddress?: string | undefined;
  /** 0, the default, for one that is free. */
  readonly port?: number | undefined;
}

/** Executors of some fleet, which connect to this process and prove the application's secret. */
export class ListeningBackend extends RemoteBackend implements ClusterBackend {
  readonly #options: RemoteOptions;
  readonly #address: DriverAddress;
  readonly #secret: Uint8Array;
  readonly #refusals = new Refusals((message) => process.emitWarning(message), systemTimers);
  readonly #server: BlockServer;
  readonly #traffic: { fetchedBytes: number; servedBytes: number };
  #listener: Listener | undefined;
  #isStopping = false;

  /** @param fleetOf Makes the fleet. */
  constructor(
    options: RemoteOptions,
    fleetOf: (start: FleetStart) => Fleet,
    address: DriverAddress = { host: loopback },
  ) {
    const { settings, executorTimeout, executors, tls } = options;
    const secret = createSecret();
    const traffic = { fetchedBytes: 0, servedBytes: 0 };
    const codec = settings.compression && blockCodec(settings.compression);
    const server = BlockServer.unbound({
      codec,
      onReleased: () => undefined,
      onSent: (bytes) => (traffic.servedBytes += bytes),
    });
    super({
      fleet: fleetOf({
        executors: typeof executors === "number" ? executors : executors.initialExecutors,
        settings: (executor, place) => this.#settings(executor, place),
      }),
      clock: systemClock,
      timers: systemTimers,
      executorTimeout,
      startTimeout: Math.max(executorTimeout, leastStartTimeout),
      aliveInterval: settings.heartbeatInterval,
      results: {
        source: new BlockClient({
          ...{ name: driverName, secret, tls: tls && { ca: tls.ca } },
          answerTimeout: answerTimeoutOf(executorTimeout),
          codec,
          onReceived: (bytes) => (traffic.fetchedBytes += bytes),
        }),
      },
      broadcasts: { server, random: createRandom(randomInt(2 ** 32)), pieceBytes: options.broadcastPieceBytes },
      allocation: typeof executors === "number" ? undefined : executors,
    });
    this.#options = options;
    this.#address = address;
    this.#secret = secret;
    this.#server = server;
    this.#traffic = traffic;
  }

  override traffic(): DriverTraffic {
    return { ...this.#traffic };
  }

  override async start(post: (event: UntimedEvent) => void, mayFetch: ResultGate): Promise<void> {
    const { tls } = this.#options;
    const { host, bindAddress = host, port } = this.#address;
    this.#listener = await Listener.listen({
      name: driverName,
      tls: tls && { cert: tls.cert, key: tls.key },
      secret: this.#secret,
      host: bindAddress,
      port,
      admits: ({ purpose, from }) => (purpose === "control" ? this.expects(from) : this.knows(from)),
      onConnection: (connection) => {
        const { purpose, from } = connection.introduction;
        if (purpose === "control") this.connected(from, driverChannel(connection));
        else this.#server.serve(connection);
      },
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
    await this.#server.close();
    await this.#listener?.close();
    this.#refusals.stop();
  }

  #settings(executor: string, place: ExecutorPlace): ReturnType<SettingsOf> {
    const driver = { host: this.#address.host, port: this.#listener?.port ?? 0 };
    return launchSettings(this.#options, { executor, place, driver, secret: this.#secret });
  }
}
