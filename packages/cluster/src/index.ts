/** Cluster backends: threads of this process, later processes and Mesos. */
export {};
