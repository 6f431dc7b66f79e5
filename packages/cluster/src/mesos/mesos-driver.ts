import type { Configuration } from "@gloam/common";
import type { ClusterDriver } from "../cluster-driver.ts";
import { createRemoteDriver } from "../remote/remote-driver.ts";
import type { MesosMaster } from "./mesos-master.ts";
import { mesosOptions } from "./mesos-options.ts";

/** More executors than anybody asks for, where nothing says how many there may be. */
const unlimited = 4096;
/** Partitions where neither the user nor `cores.max` says how many: as many as Spark makes on Mesos. */
const parallelism = 8;

/**
 * A driver whose executors come from the offers of a Mesos master.
 * @throws GloamError as `createRemoteDriver`, and `GLOAM_CONF_INVALID` for what is said of Mesos
 */
export function createMesosDriver(configuration: Configuration, master: MesosMaster): ClusterDriver {
  const slots = configuration.get("executor.cores");
  const most = configuration.get("cores.max");
  const backend = {
    module: "@gloam/cluster/mesos",
    export: "createMesosBackend",
    options: { mesos: mesosOptions(configuration, master) },
  };
  return createRemoteDriver(
    configuration,
    {
      executors: most === 0 ? unlimited : Math.max(1, Math.floor(most / slots)),
      slots,
      memoryBytes: configuration.get("executor.memory"),
      parallelism: most || parallelism,
    },
    backend,
  );
}
