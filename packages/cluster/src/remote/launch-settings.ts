import { userModuleLoader } from "@gloam/common";
import type { LaunchSettings } from "@gloam/protocol";
import type { RemoteOptions } from "./remote-options.ts";

/** Where an executor is to run. */
export interface ExecutorPlace {
  /** Address that it listens at and others reach it at. */
  readonly host: string;
  /** Port that it serves blocks at, where not just any will do. */
  readonly blockPort?: number | undefined;
  /** Directory for its temporary files, which it makes. */
  readonly scratchPath: string;
}

/** What an executor of this name and at this place has to know. */
export type SettingsOf = (executor: string, place: ExecutorPlace) => LaunchSettings;

/** What one executor is told: what all are, and what is its own. */
export function launchSettings(
  { settings, tls }: RemoteOptions,
  {
    executor,
    place,
    driver,
    secret,
  }: {
    readonly executor: string;
    readonly place: ExecutorPlace;
    readonly driver: LaunchSettings["driver"];
    readonly secret: Uint8Array;
  },
): LaunchSettings {
  return {
    ...settings,
    ...place,
    executor,
    secret: Buffer.from(secret).toString("base64"),
    driver,
    tls,
    userModuleLoader: userModuleLoader(),
  };
}
