// Made by `npm run mesos:messages` from Mesos's own definitions; changes here are lost.

import type { FrameworkID, TimeInfo } from "./mesos.ts";

/** `mesos.v1.allocator.InverseOfferStatus` */
export interface InverseOfferStatus {
  readonly status: InverseOfferStatusStatus;
  readonly framework_id: FrameworkID;
  readonly timestamp: TimeInfo;
}

/** `mesos.v1.allocator.InverseOfferStatus.Status` */
export type InverseOfferStatusStatus = "UNKNOWN" | "ACCEPT" | "DECLINE";
