import type { Configuration } from "@gloam/common";
import type { ClusterDriver } from "./cluster-driver.ts";
import { createLocalDriver } from "./local/local-driver.ts";
import { createMesosDriver } from "./mesos/mesos-driver.ts";
import { mesosMaster } from "./mesos/mesos-master.ts";
import { createProcessDriver } from "./process/process-driver.ts";
import { processMaster } from "./process/process-master.ts";

/**
 * The driver of whatever cluster `master` names.
 * @throws GloamError `GLOAM_MASTER_URL_INVALID`, `GLOAM_SCRATCH_UNUSABLE`, `GLOAM_CONF_INVALID`
 */
export function createDriver(configuration: Configuration): ClusterDriver {
  const master = configuration.get("master");
  const processes = processMaster(master);
  if (processes !== undefined) return createProcessDriver(configuration, processes);
  const mesos = mesosMaster(master);
  if (mesos !== undefined) return createMesosDriver(configuration, mesos);
  return createLocalDriver(configuration);
}
