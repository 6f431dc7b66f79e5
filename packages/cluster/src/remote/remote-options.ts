import type { LaunchSettings } from "@gloam/protocol";
import type { AllocationOptions } from "./executor-allocation.ts";
import type { TlsSettings } from "../tls-settings.ts";

/** What a cluster of executors in processes of their own is made of, wherever they run: plain data. */
export interface RemoteOptions {
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
    | "compression"
    | "freeze"
    | "sourceMaps"
    | "heartbeatInterval"
    | "driverLostTimeout"
    | "decommissionTimeout"
  >;
  /** Directory for temporary files of executors on this machine. */
  readonly localDirectory: string;
  /** Milliseconds without a word from an executor after which it counts as lost. */
  readonly executorTimeout: number;
  /** Bytes of the pieces that broadcasts are sent in. */
  readonly broadcastPieceBytes: number;
  /** Connections are over TLS; without, they are authenticated and not encrypted. */
  readonly tls?: TlsSettings | undefined;
}
