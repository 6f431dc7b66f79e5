import { createLogger, systemClock, systemTimers } from "@gloam/common";
import { SchedulerClient } from "@gloam/mesos";
import type { ClusterBackend, ResultGate, UntimedEvent } from "@gloam/scheduler";
import { scratchDirectoryPath } from "@gloam/storage";
import { randomBytes } from "node:crypto";
import { ProcessFleet } from "../process/process-fleet.ts";
import { FleetWithRefuge } from "../remote/fleet-with-refuge.ts";
import { ListeningBackend, type FleetStart } from "../remote/listening-backend.ts";
import type { RemoteOptions } from "../remote/remote-options.ts";
import { frameworkInfo } from "./framework-info.ts";
import { FrameworkIdFile } from "./framework-id-file.ts";
import { MesosFleet } from "./mesos-fleet.ts";
import type { MesosOptions } from "./mesos-options.ts";
import { offerConstraints } from "./offer-constraints.ts";
import { packRuntime } from "./runtime-archive.ts";
import { RuntimeServer } from "./runtime-server.ts";
import { supervisorCommand } from "./supervisor-command.ts";

/** Longest time that a timer can be set for, in milliseconds. */
const longest = 2 ** 31 - 1;

export interface MesosBackendOptions extends RemoteOptions {
  readonly mesos: MesosOptions;
}

/** Makes the backend in the scheduling thread. */
export function createMesosBackend(options: MesosBackendOptions): ClusterBackend {
  return new MesosBackend(options);
}

/** Executors from the offers of a Mesos master. */
class MesosBackend extends ListeningBackend implements ClusterBackend {
  readonly #options: MesosBackendOptions;
  readonly #command: { runtime: Parameters<typeof supervisorCommand>[0]["runtime"] };
  #server: RuntimeServer | undefined;

  constructor(options: MesosBackendOptions) {
    const { home, address } = options.mesos;
    const command = { runtime: { home: home ?? "" } as Parameters<typeof supervisorCommand>[0]["runtime"] };
    super(
      options,
      (start) => new FleetWithRefuge(createFleet(options, command, start), createRefuges(options, start)),
      address,
    );
    this.#options = options;
    this.#command = command;
  }

  override async start(post: (event: UntimedEvent) => void, mayFetch: ResultGate): Promise<void> {
    const { mesos, tls } = this.#options;
    if (mesos.home === undefined) {
      const { host, bindAddress, runtimePort } = mesos.address;
      const archive = packRuntime(["gloam"], import.meta.filename);
      this.#server = await RuntimeServer.listen({ archive, host: bindAddress ?? host, port: runtimePort, tls });
      this.#command.runtime = { url: this.#server.url(host), sha256: archive.sha256 };
    }
    try {
      await super.start(post, mayFetch);
    } catch (error) {
      await this.#server?.close();
      throw error;
    }
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.#server?.close();
  }
}

function createFleet(
  { mesos, settings: common }: MesosBackendOptions,
  command: { readonly runtime: Parameters<typeof supervisorCommand>[0]["runtime"] },
  { executors, settings }: FleetStart,
): MesosFleet {
  const { constraints, roles, credential, masterTls, frameworkIdFile } = mesos;
  const file = frameworkIdFile === undefined ? undefined : new FrameworkIdFile(frameworkIdFile);
  const logger = createLogger({ level: mesos.logLevel });
  const constrained = offerConstraints(constraints, roles);
  return new MesosFleet({
    executors,
    clock: systemClock,
    timers: systemTimers,
    prefix: randomBytes(6).toString("hex"),
    connect: (observer) =>
      new SchedulerClient(
        {
          masters: mesos.masters,
          framework: frameworkInfo(mesos, file?.read()),
          ...(constrained && { offerConstraints: constrained }),
          ...(credential && { credential }),
          ...(masterTls && { tls: masterTls }),
          connectPatience: mesos.connectTimeout,
          // Until then the master would take the framework back; executors go on without one.
          reconnectPatience: Math.min(longest, Math.max(mesos.connectTimeout, mesos.failoverTimeout)),
        },
        observer,
      ),
    template: {
      name: mesos.name,
      // Agents are told only once there is something to fetch.
      get command() {
        return supervisorCommand({ ...mesos, runtime: command.runtime });
      },
      container: mesos.container,
      labels: mesos.labels,
      killGrace: common.decommissionTimeout,
    },
    needs: mesos.needs,
    constraints,
    revocable: mesos.revocable,
    refusal: mesos.refusal,
    settings,
    notify: (message) => logger.warn(message),
    onFramework: (id) => file?.write(id),
    onRemoved: () => file?.remove(),
  });
}

/** Executors beside the driver, which keep blocks while every agent is taken away. */
function createRefuges({ mesos, localDirectory }: MesosBackendOptions, { settings }: FleetStart): ProcessFleet {
  const name = randomBytes(6).toString("hex");
  const { host } = mesos.address;
  return new ProcessFleet({
    executors: 0,
    name: "refuge",
    timers: systemTimers,
    output: "inherit",
    settings: (executor) => {
      const scratchPath = scratchDirectoryPath(localDirectory, process.pid, `${name}-${executor}`);
      return { ...settings(executor, { host, scratchPath }), slots: 1, takesTasks: false };
    },
  });
}
