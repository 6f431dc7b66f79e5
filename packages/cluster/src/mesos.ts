/** Backend whose executors come from the offers of a Mesos master, for the scheduling thread. */
export { createMesosBackend, type MesosBackendOptions } from "./mesos/mesos-backend.ts";
