/** A real Apache Mesos on this machine, for tests and for whoever wants to try a cluster. */
export { installMesos, mesosVersion, type MesosInstallation, type MesosInstallOptions } from "./install-mesos.ts";
export type { LocalMesos } from "./local-mesos.ts";
export { startMesos, type MesosOptions } from "./start-mesos.ts";
