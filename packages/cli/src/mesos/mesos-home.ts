import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The directory that local Mesos installations are kept in: `GLOAM_MESOS_HOME`, or else `gloam/mesos` in the user's cache
 * directory.
 */
export function mesosHome(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { GLOAM_MESOS_HOME: home, XDG_CACHE_HOME: cache } = environment;
  return home || join(cache || join(homedir(), ".cache"), "gloam", "mesos");
}
