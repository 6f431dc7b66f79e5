import type { Fleet, FleetObserver, RemoteBackendOptions } from "@gloam/cluster/parts";
import type { Channel, FromExecutor, ToExecutor } from "@gloam/protocol";
import { ObservedBackend, type BackendWitness } from "./observed-backend.ts";

/** What can be broken on purpose, to see that it is found. */
export const faultNames = ["lateReports", "orphans", "staleInputs", "keptResults", "unheardDrops"] as const;

export type FaultName = (typeof faultNames)[number];

/** Milliseconds. */
const listensOn = 5000;

type ControlChannel = Channel<ToExecutor, FromExecutor>;

export function createFaultyBackend(
  fault: FaultName,
  options: RemoteBackendOptions,
  witness: BackendWitness,
): ObservedBackend {
  switch (fault) {
    case "lateReports":
      return new CredulousBackend(options, witness);
    case "orphans":
      return new ObservedBackend({ ...options, fleet: new HarmlessFleet(options.fleet) }, witness);
    case "staleInputs":
      return new ForgetfulBackend(options, witness);
    case "keptResults":
      return new HoardingBackend(options, witness);
    case "unheardDrops":
      return new DeafBackend(options, witness);
  }
}

/** Goes on listening for a while to executors that it has given up, and believes what they say. */
class CredulousBackend extends ObservedBackend {
  readonly #kept = new Set<ControlChannel>();

  override async stop(): Promise<void> {
    await super.stop();
    for (const channel of this.#kept) channel.terminate();
  }

  override connected(executor: string, channel: ControlChannel): void {
    super.connected(executor, {
      send: (message) => channel.send(message),
      close: () => channel.close(),
      terminate: () => {
        this.#kept.add(channel);
        this.witness.later(listensOn, () => channel.terminate());
      },
      observe: (observer) => {
        channel.observe({
          onClose: (error) => observer.onClose(error),
          onMessage: (message) => {
            try {
              observer.onMessage(message);
            } catch {
              if (message.type !== "finished" || message.outcome.kind !== "result") return;
              this.tell({
                type: "taskFinished",
                task: message.task,
                outcome: { kind: "result", value: message.outcome },
                accumulators: message.accumulators,
              });
            }
          },
        });
      },
    });
  }
}

/** Does not tell executors that map outputs of a shuffle that they know lie elsewhere now. */
class ForgetfulBackend extends ObservedBackend {
  override connected(executor: string, channel: ControlChannel): void {
    const told = new Set<number>();
    super.connected(executor, {
      send: (message) => {
        if (message.type === "mapOutputs" && told.has(message.shuffle)) return;
        if (message.type === "mapOutputs") told.add(message.shuffle);
        channel.send(message);
      },
      close: () => channel.close(),
      terminate: () => channel.terminate(),
      observe: (observer) => channel.observe(observer),
    });
  }
}

/** Has results fetched, and not freed. */
class HoardingBackend extends ObservedBackend {
  override connected(executor: string, channel: ControlChannel): void {
    const results = new Set<string>();
    super.connected(executor, {
      send: (message) => {
        if (message.type === "free" && message.outputs.some((output) => results.has(nameOf(output)))) return;
        channel.send(message);
      },
      close: () => channel.close(),
      terminate: () => channel.terminate(),
      observe: (observer) => {
        channel.observe({
          onClose: (error) => observer.onClose(error),
          onMessage: (message) => {
            if (message.type === "finished" && message.outcome.kind === "storedResult") {
              results.add(nameOf(message.outcome.output));
            }
            observer.onMessage(message);
          },
        });
      },
    });
  }
}

/** Does not hear of cached blocks that executors have dropped. */
class DeafBackend extends ObservedBackend {
  override connected(executor: string, channel: ControlChannel): void {
    super.connected(executor, {
      send: (message) => channel.send(message),
      close: () => channel.close(),
      terminate: () => channel.terminate(),
      observe: (observer) => {
        channel.observe({
          onClose: (error) => observer.onClose(error),
          onMessage: (message) => {
            if (message.type !== "dropped") observer.onMessage(message);
          },
        });
      },
    });
  }
}

/** Ends nobody. */
class HarmlessFleet implements Fleet {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  start(observer: FleetObserver): Promise<void> {
    return this.#fleet.start(observer);
  }

  worked(executor: string): void {
    this.#fleet.worked(executor);
  }

  want(executors: number): void {
    this.#fleet.want(executors);
  }

  leaving(executor: string): void {
    this.#fleet.leaving(executor);
  }

  end(): void {}

  stop(): Promise<void> {
    return this.#fleet.stop();
  }
}

function nameOf({ store, output }: { readonly store: number; readonly output: number }): string {
  return `${store}/${output}`;
}
