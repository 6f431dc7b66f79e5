import { createProcessDriver, processMaster } from "@gloam/cluster/parts";
import { GloamContext } from "gloam";
import type { FaultyOptions } from "./faulty-backend.ts";

/** A context on `local-cluster[E,N,M]` whose executors or network have faults. */
export function faultyContext(
  master: string,
  conf: Readonly<Record<string, string | number>>,
  faulty: FaultyOptions,
): GloamContext {
  return new GloamContext({
    master,
    conf,
    createDriver: (configuration) =>
      createProcessDriver(configuration, processMaster(master)!, {
        module: "@gloam/testkit/faulty-backend",
        export: "createFaultyBackend",
        options: faulty,
      }),
  });
}
