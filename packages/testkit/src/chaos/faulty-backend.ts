import {
  ProcessBackend,
  ProcessFleet,
  type FleetObserver,
  type ProcessFleetOptions,
  type RemoteOptions,
} from "@gloam/cluster/parts";
import { systemTimers } from "@gloam/common";
import type { Channel, FromExecutor, ToExecutor } from "@gloam/protocol";
import type { ClusterBackend } from "@gloam/scheduler";
import { FaultyNetwork, type FaultyNetworkOptions } from "./faulty-network.ts";

/** What a backend with faults has beside what one without has. Plain data but for shared memory. */
export interface FaultyOptions {
  /** Between driver and executors, and among them; left out, they are connected without any. */
  readonly network?: FaultyNetworkOptions | undefined;
  /** Milliseconds that executors which have been given up live on, as where a driver cannot reach them: none when left out. */
  readonly mercy?: number | undefined;
  /** Memory of two numbers: executors started, and executors that were given up and ended before anybody ended them. */
  readonly lives: SharedArrayBuffer;
}

/** Makes the backend in the scheduling thread. */
export function createFaultyBackend(options: unknown): ClusterBackend {
  const given = options as FaultyOptions & RemoteOptions;
  const network = given.network && new FaultyNetwork(given.network);
  return new FaultyBackend(given, network, (fleet) => new MercifulFleet(fleet, given, network));
}

/** Executors in processes that are reached through a faulty network, and that outlive their being given up. */
class FaultyBackend extends ProcessBackend {
  readonly #network: FaultyNetwork | undefined;

  constructor(
    options: RemoteOptions,
    network: FaultyNetwork | undefined,
    fleetOf: (options: ProcessFleetOptions) => ProcessFleet,
  ) {
    super(options, fleetOf);
    this.#network = network;
  }

  override async start(...started: Parameters<ProcessBackend["start"]>): Promise<void> {
    await this.#network?.open();
    await super.start(...started);
  }

  override connected(executor: string, channel: Channel<ToExecutor, FromExecutor>): void {
    super.connected(executor, this.#network === undefined ? channel : reachedThrough(this.#network, channel));
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.#network?.close();
  }
}

/** The driver's end of a channel whose executor says that its blocks are at a port of the network. */
function reachedThrough(
  network: FaultyNetwork,
  channel: Channel<ToExecutor, FromExecutor>,
): Channel<ToExecutor, FromExecutor> {
  return {
    send: (message) => channel.send(message),
    close: () => channel.close(),
    terminate: () => channel.terminate(),
    observe(observer) {
      // What comes while the port is being made waits for it.
      let turn: Promise<void> = Promise.resolve();
      const inTurn = (action: () => Promise<void> | void): void => {
        turn = turn.then(action).catch(() => channel.terminate());
      };
      channel.observe({
        onMessage: (message) =>
          inTurn(async () => {
            if (message.type !== "registered") return observer.onMessage(message);
            observer.onMessage({ ...message, blockPort: await network.through(message.blockPort) });
          }),
        onClose: (error) => inTurn(() => observer.onClose(error)),
      });
    },
  };
}

/** Ends executors later than it is told to, and has them reach their driver through a network. */
class MercifulFleet extends ProcessFleet {
  readonly #mercy: number;
  readonly #lives: Int32Array;
  readonly #condemned = new Set<string>();

  constructor(options: ProcessFleetOptions, { mercy = 0, lives }: FaultyOptions, network: FaultyNetwork | undefined) {
    super({
      ...options,
      settings(executor) {
        const settings = options.settings(executor);
        if (network === undefined) return settings;
        return { ...settings, driver: { ...settings.driver, port: network.towardsDriver(settings.driver.port) } };
      },
    });
    this.#mercy = mercy;
    this.#lives = new Int32Array(lives);
  }

  override start(observer: FleetObserver): Promise<void> {
    return super.start({
      ...observer,
      onStart: (executor) => {
        Atomics.add(this.#lives, 0, 1);
        observer.onStart(executor);
      },
      onExit: (executor, end) => {
        if (this.#condemned.delete(executor)) Atomics.add(this.#lives, 1, 1);
        observer.onExit(executor, end);
      },
    });
  }

  override end(executor: string): void {
    if (this.#mercy === 0) return super.end(executor);
    this.#condemned.add(executor);
    systemTimers.after(this.#mercy, () => {
      if (this.#condemned.delete(executor)) super.end(executor);
    });
  }
}
