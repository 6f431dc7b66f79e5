import { systemTimers } from "@gloam/common";
import type { ClusterBackend } from "@gloam/scheduler";
import { scratchDirectoryPath } from "@gloam/storage";
import { randomBytes } from "node:crypto";
import type { RemoteOptions } from "../remote/remote-options.ts";
import type { Fleet } from "../remote/fleet.ts";
import { ListeningBackend } from "../remote/listening-backend.ts";
import { ProcessFleet, type ProcessFleetOptions } from "./process-fleet.ts";

const loopback = "127.0.0.1";

/** Makes the backend in the scheduling thread. */
export function createProcessBackend(options: RemoteOptions): ClusterBackend {
  return new ProcessBackend(options);
}

/** Executors as processes of this machine, which the driver starts and speaks with as with any others. */
export class ProcessBackend extends ListeningBackend implements ClusterBackend {
  /** @param fleetOf Makes the fleet; one of processes of this machine when left out. */
  constructor(
    options: RemoteOptions,
    fleetOf: (options: ProcessFleetOptions) => Fleet = (fleetOptions) => new ProcessFleet(fleetOptions),
  ) {
    const name = randomBytes(6).toString("hex");
    super(options, ({ executors, settings }) =>
      fleetOf({
        executors,
        timers: systemTimers,
        output: "inherit",
        settings: (executor) =>
          settings(executor, {
            host: loopback,
            scratchPath: scratchDirectoryPath(options.localDirectory, process.pid, `${name}-${executor}`),
          }),
      }),
    );
  }
}
