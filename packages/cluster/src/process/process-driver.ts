import type { Configuration } from "@gloam/common";
import type { ClusterDriver } from "../cluster-driver.ts";
import { createRemoteDriver } from "../remote/remote-driver.ts";
import type { BackendModule } from "../threaded/backend-module.ts";
import type { ProcessMaster } from "./process-master.ts";

/** The module that makes the backend of processes in the scheduling thread. */
const processBackend: BackendModule = {
  module: "@gloam/cluster/processes",
  export: "createProcessBackend",
  options: {},
};

/**
 * A driver whose executors are processes of this machine. Another `backend` is given the same options beside its own: what it is
 * made of in tests.
 * @throws GloamError as `createRemoteDriver`
 */
export function createProcessDriver(
  configuration: Configuration,
  master: ProcessMaster,
  backend = processBackend,
): ClusterDriver {
  return createRemoteDriver(configuration, master, backend);
}
