/** Cluster backends: threads of this process, later processes and Mesos. */
export { ClusterDriver, type ClusterDriverOptions } from "./cluster-driver.ts";
export { createLocalDriver, localSlots } from "./local/local-driver.ts";
