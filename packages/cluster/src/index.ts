/** Cluster backends: threads of this process, later processes and Mesos. */
export { ClusterDriver, type ClusterDriverOptions } from "./cluster-driver.ts";
export { createDriver } from "./create-driver.ts";
