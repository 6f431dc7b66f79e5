/** How much of each resource is wanted. What is left out is 0. */
export interface ResourceRequest {
  /** Cores, in steps of a thousandth. */
  readonly cpus?: number;
  /** Memory in MiB. */
  readonly mem?: number;
  /** Disk in MiB, of the sandbox's file system. */
  readonly disk?: number;
  readonly gpus?: number;
  /** How many ports, whichever. */
  readonly ports?: number;
}

/** The scalar ones, by their names in Mesos. */
export const scalarNames = ["cpus", "mem", "disk", "gpus"] as const;
