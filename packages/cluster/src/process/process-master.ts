import { GloamError } from "@gloam/common";
import type { RemoteMaster } from "../remote/remote-driver.ts";

/** What `local-cluster[E,N,M]` asks for. */
export type ProcessMaster = RemoteMaster;

const mebibyte = 2 ** 20;

/**
 * Reads a master `local-cluster[E,N,M]`: E executors with N slots and M MiB each. Undefined for other masters.
 * @throws GloamError `GLOAM_MASTER_URL_INVALID` for one that begins so and goes on otherwise.
 */
export function processMaster(master: string): ProcessMaster | undefined {
  if (!master.startsWith("local-cluster")) return undefined;
  const match = /^local-cluster\[\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\]$/.exec(master);
  const [executors, slots, memory] = (match ?? []).slice(1).map(Number);
  if (executors === undefined || slots === undefined || memory === undefined || executors < 1 || slots < 1) {
    throw new GloamError("GLOAM_MASTER_URL_INVALID", `'${master}' is no master`, {
      hint: "local-cluster[E,N,M] starts E executors with N task slots and M MiB of memory each",
    });
  }
  return { executors, slots, memoryBytes: memory * mebibyte };
}
