// Made by `npm run mesos:messages` from Mesos's own definitions; changes here are lost.

import type { MachineID, Unavailability } from "./mesos.ts";

import type { InverseOfferStatus } from "./allocator.ts";

/** `mesos.v1.maintenance.ClusterStatus` */
export interface MaintenanceClusterStatus {
  readonly draining_machines?: readonly MaintenanceClusterStatusDrainingMachine[];
  readonly down_machines?: readonly MachineID[];
}

/** `mesos.v1.maintenance.ClusterStatus.DrainingMachine` */
export interface MaintenanceClusterStatusDrainingMachine {
  readonly id: MachineID;
  readonly statuses?: readonly InverseOfferStatus[];
}

/** `mesos.v1.maintenance.Schedule` */
export interface MaintenanceSchedule {
  readonly windows?: readonly MaintenanceWindow[];
}

/** `mesos.v1.maintenance.Window` */
export interface MaintenanceWindow {
  readonly machine_ids?: readonly MachineID[];
  readonly unavailability: Unavailability;
}
